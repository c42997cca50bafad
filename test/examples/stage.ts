/** A stage on which people play a script with a bot, whoever runs it: each step waits until its outcome is seen. */
import type { Message, TelegramSimulator } from '@chatlane/simulators'
import { buttonRows, describeContent } from './message-line.ts'
import { recordTranscript } from './transcript.ts'

/** So long may any outcome take: it covers a takeover after a kill. */
const PATIENCE_MS = 30_000
/** Telegram gives a bot 10 s for a payment; who has got no answer by then tries again. */
const QUERY_MS = 12_000
const MOST_TRIES = 3

/** Somebody in a script. */
export interface Person {
  id: number
  firstName: string
}

/** Where a step is taken; without `chat` in the private chat with the bot. */
interface Somewhere {
  chat?: number
}

/** What a script is played with. */
export interface Stage {
  telegram: TelegramSimulator
  /** Writes; `replyTo` is a part of the newest message that is there. */
  says(who: Person, text: string, where?: Somewhere & { replyTo?: string }): Message
  /** Edits the own newest message that has the part. */
  edits(who: Person, change: Somewhere & { from: string; to: string }): void
  /** Sends a photo of `bytes` bytes. */
  sendsPhoto(who: Person, photo: Somewhere & { bytes: number; caption?: string }): void
  /**
   * Taps the newest button of that label (below a message with `under`), and waits for the answer to the tap. `told` is
   * a part of the author's answer: the platform itself answers taps (with nothing) that wait for long.
   */
  taps(who: Person, label: string, where?: Somewhere & { under?: string; told?: string }): Promise<void>
  /** Pays the newest invoice, and waits for the answer; again where none comes in time. */
  pays(who: Person): Promise<void>
  /** Asks in inline mode, and waits for the results; likewise. */
  asksInline(who: Person, query: string): Promise<void>
  /** Waits for a message that has the part or was edited to have it, later than what was last waited for there. */
  sees(chat: number, part: string): Promise<void>
  /** Waits until a message that had the part is deleted, likewise. */
  seesGone(chat: number, part: string): Promise<void>
  /** Waits for the bot's reaction to the newest message that has the part. */
  seesReaction(chat: number, part: string): Promise<void>
  /** All that was seen. */
  transcript(): string
}

/** Opens a stage; what happens from now on is recorded. */
export function openStage(telegram: TelegramSimulator): Stage {
  const { phone } = telegram
  const recorder = recordTranscript(telegram)
  const seen = new Map<number, number>()
  const until = async (condition: () => unknown, what: string) => {
    const failed = (error: Error) => {
      throw new Error(`${error.message}: ${what}\n\n${recorder.text()}`, { cause: error })
    }
    await telegram.waitUntil(condition, PATIENCE_MS).catch(failed)
  }
  const untilAnswered = async (ask: () => string, what: string) => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const id = ask()
      const answer = telegram.waitUntil(() => recorder.answers(id).length > 0, QUERY_MS)
      if (await answer.catch(() => false)) return
    }
    throw new Error(`${MOST_TRIES} times there was no answer to ${what}\n\n${recorder.text()}`)
  }
  const newest = (chat: number, matches: (message: Message) => boolean, what: string) => {
    const found = telegram.messages(chat).findLast(({ message }) => matches(message))
    if (!found) throw new Error(`there is no ${what}\n\n${recorder.text()}`)
    return found.message
  }
  const withPart = (chat: number, part: string) =>
    newest(chat, (message) => describeContent(message).includes(part), `message with “${part}”`)
  const passes = (chat: number, part: string, kinds: string[]) =>
    until(
      () => {
        const from = seen.get(chat) ?? 0
        const at = recorder
          .moments(chat)
          .findIndex(({ kind, text }, index) => index >= from && kinds.includes(kind) && text.includes(part))
        if (at >= 0) seen.set(chat, at + 1)
        return at >= 0
      },
      `“${part}” ${kinds.join(' or ')} in ${chat}`,
    )
  return {
    telegram,
    says(who, text, { chat, replyTo } = {}) {
      const replied = replyTo === undefined ? undefined : withPart(chat ?? who.id, replyTo).message_id
      return phone.sendText({ from: who.id, text, chat, replyTo: replied })
    },
    edits(who, { chat, from, to }) {
      const isMine = (message: Message) =>
        message.from?.id === who.id && describeContent(message).includes(from)
      const { message_id: messageId } = newest(chat ?? who.id, isMine, `own message with “${from}”`)
      phone.editText({ from: who.id, chat, messageId, text: to })
    },
    sendsPhoto(who, { chat, bytes, caption }) {
      phone.sendFile({ from: who.id, chat, kind: 'photo', bytes: new Uint8Array(bytes).fill(7), caption })
    },
    async taps(who, label, { chat = who.id, under = '', told = '' } = {}) {
      const buttonIn = (message: Message) =>
        describeContent(message).includes(under)
          ? buttonRows(message)
              .flat()
              .find(({ text }) => text === label)
          : undefined
      const message = newest(chat, (each) => buttonIn(each) !== undefined, `button “${label}”`)
      const data = buttonIn(message)?.callback_data
      const id = phone.pressButton({ from: who.id, chat, messageId: message.message_id, data })
      await until(
        // A tap whose worker died is answered empty after 8 s.
        () => recorder.answers(id).some(({ text }) => text === undefined || String(text).includes(told)),
        `an answer “${told}” to ${who.firstName}'s tap on “${label}”`,
      )
    },
    async pays(who) {
      const { message_id: messageId } = newest(who.id, ({ invoice }) => invoice !== undefined, 'invoice')
      await untilAnswered(() => phone.pay({ from: who.id, messageId }), `${who.firstName}'s payment`)
    },
    async asksInline(who, query) {
      await untilAnswered(() => phone.askInline({ from: who.id, query }), `the inline query “${query}”`)
    },
    sees: (chat, part) => passes(chat, part, ['posted', 'edited']),
    seesGone: (chat, part) => passes(chat, part, ['deleted']),
    async seesReaction(chat, part) {
      const { message_id: id } = withPart(chat, part)
      await until(() => telegram.message(chat, id)?.reaction.length, `a reaction to “${part}”`)
    },
    transcript: recorder.text,
  }
}
