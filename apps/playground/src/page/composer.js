/** Where one writes: the text, who says it, and what it replies to or changes. */
import { lineOf } from './bubble.js'
import { element } from './element.js'

/** Five of Telegram's messages; the server cuts as a client does. */
const MOST_CHARS = 20_480
const MOST_ROWS_PX = 200

/**
 * A form. `people`: who may speak (one: no choice). `send` gets `{ text, from, replyTo, edits }` and may reject: the
 * text stays then. `typed` hears what is typed and not sent. `lastOwn` gives the message that the arrow key changes.
 */
export function createComposer({ people, from, hint, send, typed, speakerChanged, lastOwn }) {
  let about
  const input = element('textarea', {
    rows: 1,
    maxlength: MOST_CHARS,
    placeholder: hint,
    'aria-label': 'Message',
    dir: 'auto',
    enterkeyhint: 'send',
    autocomplete: 'off',
  })
  const speaker = element(
    'select',
    { class: 'choice', 'aria-label': 'Speaking as', onchange: () => speakerChanged(speakerId()) },
    ...people.map(({ id, name }) => element('option', { value: id, selected: id === from }, name)),
  )
  const problem = element('p', { class: 'problem', role: 'alert', hidden: true })
  const context = element('div', { class: 'about', hidden: true })
  const button = element('button', { type: 'submit', class: 'send', 'aria-label': 'Send' }, '➤')
  const root = element(
    'form',
    { class: 'composer', onsubmit: submit },
    context,
    problem,
    element(
      'div',
      { class: 'line' },
      people.length > 1
        ? element('label', { class: 'speaker' }, element('span', {}, 'Speaking as'), speaker)
        : undefined,
      input,
      button,
    ),
  )
  input.addEventListener('input', changed)
  input.addEventListener('keydown', onKey)

  function speakerId() {
    return Number(speaker.value)
  }

  function changed() {
    grow()
    typed(about?.edits ? '' : input.value)
  }

  function grow() {
    input.style.height = 'auto'
    input.style.height = `${Math.min(input.scrollHeight, MOST_ROWS_PX)}px`
  }

  function onKey(event) {
    if (event.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      root.requestSubmit()
    } else if (event.key === 'Escape' && about) {
      setAbout(undefined)
    } else if (event.key === 'ArrowUp' && input.value === '') {
      const message = lastOwn(speakerId())
      if (!message) return
      event.preventDefault()
      edit(message)
    }
  }

  async function submit(event) {
    event.preventDefault()
    const text = input.value.trim()
    if (text === '' || button.disabled) return
    button.disabled = true
    problem.hidden = true
    try {
      await send({
        text,
        from: about?.edits?.from.id ?? speakerId(),
        replyTo: about?.replies?.id,
        edits: about?.edits,
      })
      // What was typed meanwhile stays.
      if (input.value.trim() === text) setText('')
      setAbout(undefined)
    } catch (error) {
      problem.textContent = `Not sent: ${error.message}.`
      problem.hidden = false
    }
    button.disabled = false
    input.focus()
  }

  function setText(text) {
    input.value = text
    changed()
  }

  function setAbout(next) {
    if (about?.edits && !next?.edits) setText('')
    about = next
    context.hidden = !next
    const message = next?.replies ?? next?.edits
    if (!message) return context.replaceChildren()
    context.replaceChildren(
      element('b', {}, next.edits ? 'Editing' : `Reply to ${message.from?.name ?? ''}`),
      element('span', { dir: 'auto' }, lineOf(message)),
      element('button', { type: 'button', 'aria-label': 'Cancel', onclick: cancel }, '✕'),
    )
  }

  function cancel() {
    setAbout(undefined)
    input.focus()
  }

  function reply(message) {
    setAbout({ replies: message })
    input.focus()
  }

  function edit(message) {
    setAbout({ edits: message })
    setText(message.text)
    input.focus()
  }

  function insert(text) {
    setText(`${text}${input.value}`)
    input.focus()
  }

  return { root, input, reply, edit, insert, setText, grow, speakerId }
}
