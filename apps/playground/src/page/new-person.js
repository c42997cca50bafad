/** The dialog in which a person is added. */
import { addPerson } from './api.js'
import { element } from './element.js'

const LANGUAGES = ['en', 'ru', 'es', 'de', 'fr', 'it', 'pt', 'tr', 'uk', 'ar', 'hi', 'zh', 'ja']
const names = new Intl.DisplayNames(['en'], { type: 'language' })

/** A language's English name. */
export function languageName(code) {
  return code ? (names.of(code) ?? code) : ''
}

/** Fills `dialog`; `added` is called with the new person. Returns what opens it. */
export function prepareDialog(dialog, added) {
  const name = element('input', {
    class: 'field',
    name: 'name',
    required: true,
    maxlength: 64,
    autocomplete: 'off',
  })
  const language = element(
    'select',
    { class: 'field', name: 'language' },
    ...LANGUAGES.map((code) => element('option', { value: code }, languageName(code))),
  )
  const problem = element('p', { class: 'problem', role: 'alert', hidden: true })
  const submit = async (event) => {
    event.preventDefault()
    if (name.value.trim() === '') return
    try {
      const person = await addPerson({ name: name.value, languageCode: language.value })
      dialog.close()
      added(person)
    } catch (error) {
      problem.textContent = `Not added: ${error.message}.`
      problem.hidden = false
    }
  }
  dialog.replaceChildren(
    element(
      'form',
      { class: 'dialog-form', onsubmit: submit },
      element('h2', { class: 'dialog-title', id: 'new-person-title' }, 'Add a person'),
      element('label', { class: 'labelled' }, 'Name', name),
      element('label', { class: 'labelled' }, 'Language of their Telegram', language),
      problem,
      element(
        'div',
        { class: 'decision' },
        element('button', { type: 'button', class: 'cancel', onclick: () => dialog.close() }, 'Cancel'),
        element('button', { type: 'submit', class: 'primary' }, 'Add'),
      ),
    ),
  )
  return () => {
    name.value = ''
    problem.hidden = true
    dialog.showModal()
  }
}
