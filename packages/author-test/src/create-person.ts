/** Makes people who talk to the bot. */
import { readFile } from 'node:fs/promises'
import type { TelegramSimulator } from '@chatlane/simulators'
import { chatText } from './chat-text.ts'
import { openEyes, type Wait } from './eyes.ts'
import { findButton, findInvoice, findText } from './find-messages.ts'
import type { Journal } from './journal.ts'
import type { Patience, Person, PersonOptions, Where } from './person.ts'

/** What people need of the bot that they talk to. */
export interface PersonParts {
  telegram: TelegramSimulator
  journal: Journal
  wait: Wait
}

/** Makes a person who has started the bot. */
export function createPerson(
  { telegram, journal, wait }: PersonParts,
  { id, name, language, username }: PersonOptions & { id: number; name: string },
): Person {
  const { phone } = telegram
  phone.createUser({
    id,
    firstName: name,
    ...(language && { languageCode: language }),
    ...(username && { username }),
  })
  const eyes = openEyes({ journal, wait })
  const place = ({ in: group }: Where) => ({ from: id, chat: group?.id ?? id })
  const posted = (where: Where) => telegram.messages(place(where).chat)
  const messages = (where: Where) => posted(where).map(({ message }) => message)
  const waiting = (what: string, where: Where & Patience) => {
    return { who: name, what, chat: place(where).chat, withinMs: where.withinMs }
  }
  let lastInlineQuery = ''
  return {
    id,
    name,
    async says(text, { repliesTo, ...where } = {}) {
      const replyTo = repliesTo === undefined ? undefined : findText(messages(where), repliesTo)?.message_id
      if (repliesTo !== undefined && replyTo === undefined)
        throw new Error(`no message says ${repliesTo}:\n${chatText(posted(where))}`)
      return phone.sendText({ ...place(where), text, replyTo })
    },
    async sends(kind, { bytes, path, in: group, ...file } = {}) {
      const read = bytes ?? (path === undefined ? new Uint8Array(1) : await readFile(path))
      return phone.sendFile({ ...place({ in: group }), ...file, kind, bytes: read })
    },
    async taps(text, where = {}) {
      const look = () => findButton(messages(where), text)
      const { messageId, button } = await wait(look, waiting(`a button [${text}]`, where))
      if (button.callback_data === undefined)
        throw new Error(`[${text}] is no button that tells the bot: ${JSON.stringify(button)}`)
      eyes.expect(phone.pressButton({ ...place(where), messageId, data: button.callback_data }))
    },
    sees: (where = {}) => eyes.next('message', waiting('a message of the bot', where)),
    seesEdit: (where = {}) => eyes.next('edit', waiting('an edit by the bot', where)),
    seesAnswer: (where = {}) => eyes.next('answer', waiting('an answer to a tap', where)),
    async asksInline(query, where = {}) {
      const queryId = phone.askInline({ ...place(where), query })
      lastInlineQuery = queryId
      const answers = () => telegram.chat({ chat: place(where).chat }).inlineAnswers
      const look = () => answers().find((answer) => answer.queryId === queryId)
      const { results } = await wait(look, waiting(`results for ${JSON.stringify(query)}`, where))
      return results as Record<string, unknown>[]
    },
    async choosesInline(resultId, where = {}) {
      return phone.chooseInline({ ...place(where), queryId: lastInlineQuery, resultId })
    },
    async pays(where = {}) {
      const { message_id } = await wait(() => findInvoice(messages(where)), waiting('an invoice', where))
      eyes.expect(phone.pay({ ...place(where), messageId: message_id }))
    },
    chat: (where = {}) => chatText(posted(where)),
  }
}
