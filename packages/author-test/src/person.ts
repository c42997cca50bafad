/** Somebody who talks to the bot and sees what it answers. */
import type { Message, Phone } from '@chatlane/simulators'
import type { Group } from './group.ts'

/** How a person is to be. */
export interface PersonOptions {
  /** The user's id, where the bot must know it before; given by the kit without. */
  id?: number
  /** Of the person's Telegram, `en` without. */
  language?: string
  username?: string
}

/** Where something is done or seen: in a group, else in the private chat with the bot. */
export interface Where {
  in?: Group | undefined
}

/** For how long something is waited for: 10 s without, 40 s where a worker was killed before. */
export interface Patience {
  withinMs?: number | undefined
}

/** A file to be sent: its bytes, or where it lies. One byte of nothing without either. */
export interface FileToSend extends Where {
  bytes?: Uint8Array
  path?: string | URL
  fileName?: string
  caption?: string
}

/** Kinds of files that can be sent. */
export type FileKind = Parameters<Phone['sendFile']>[0]['kind']

/** A person. Each sees for themselves: what one has seen of a group is still new to the others. */
export interface Person {
  id: number
  name: string
  /** Writes a text. `repliesTo`: the newest message that has this text, or has it in it. */
  says(text: string, where?: Where & { repliesTo?: string }): Promise<Message>
  sends(kind: FileKind, file?: FileToSend): Promise<Message>
  /** Taps the inline button of the newest message that has it, waiting for one. Rejects with a NotSeenError. */
  taps(button: string, where?: Where & Patience): Promise<void>
  /**
   * The text or caption, as it was posted, of the bot's next message that this person has not seen; `[photo]` and the
   * like without one. Rejects with a NotSeenError.
   */
  sees(where?: Where & Patience): Promise<string>
  /** The same of the next edit: what the message said from then on. */
  seesEdit(where?: Where & Patience): Promise<string>
  /** The same of the next notice that the bot answers a tap of this person with, or refuses a payment with. */
  seesAnswer(where?: Where & Patience): Promise<string>
  /** Asks the bot in inline mode. Resolves with its results, as it gave them; rejects with a NotSeenError. */
  asksInline(query: string, where?: Where & Patience): Promise<Record<string, unknown>[]>
  /** Sends one of the results of the last query. */
  choosesInline(resultId: string, where?: Where): Promise<Message>
  /** Pays the newest invoice, waiting for one. What the bot posts then is seen as ever. Rejects with a NotSeenError. */
  pays(where?: Where & Patience): Promise<void>
  /** Everything that is in the chat now, as text. */
  chat(where?: Where): string
}
