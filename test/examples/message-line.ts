/** A message as one line. */
import type { Message } from '@chatlane/simulators'

/** A button below a message. */
export interface Button {
  text: string
  callback_data?: string
}

/** The rows of a message's inline keyboard. */
export function buttonRows(message: Message | undefined): Button[][] {
  const markup = message?.reply_markup as { inline_keyboard?: Button[][] } | undefined
  return markup?.inline_keyboard ?? []
}

/** Media and what else it holds, its text or caption, and the formatting of it. */
export function describeContent(message: Message): string {
  const formats = (message.entities ?? message.caption_entities ?? [])
    .map(({ type }) => type)
    .filter((type) => FORMATS.has(type))
  return [
    ...Object.entries(KINDS).map(([field, describe]) =>
      message[field] === undefined ? '' : `[${describe(message[field])}]`,
    ),
    (message.text ?? message.caption ?? '').replaceAll('\n', ' / '),
    formats.length > 0 && `‹${formats.join(', ')}›`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** Who says what, in reply to what, above which buttons: all that an edit can change. */
export function looksOf(message: Message): string {
  const from = message.from?.is_bot ? 'bot' : (message.from?.first_name ?? 'nobody')
  const replied = message.reply_to_message
  const above = replied ? ` ↩ “${describeContent(replied).slice(0, 24)}”` : ''
  const rows = buttonRows(message).map((row) => row.map(({ text }) => `[${text}]`).join(' '))
  const keyboard = rows.length > 0 ? ` ${rows.join(' / ')}` : ''
  return `${from}${above}: ${describeContent(message)}${keyboard}`
}

/** What an author writes; what a client finds by itself (commands, mentions, addresses) is left out. */
const FORMATS = new Set([
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'blockquote',
  'code',
  'pre',
  'text_link',
])

type Fields = Record<string, unknown>

const named = (kind: string) => (file: unknown) => `${kind}, ${(file as Fields).file_size} bytes`
const people = (value: unknown) => (value as Fields[]).map(({ first_name }) => first_name).join(', ')

/** What a message may hold beside its text; files by their size, which tells whether all of a file arrived. */
const KINDS: Record<string, (value: unknown) => string> = {
  photo: (sizes) => `photo, ${((sizes as Fields[]).at(-1) as Fields).file_size} bytes`,
  document: (file) => `document ${(file as Fields).file_name}, ${(file as Fields).file_size} bytes`,
  voice: named('voice'),
  video: named('video'),
  video_note: named('video note'),
  audio: named('audio'),
  animation: named('animation'),
  sticker: (sticker) => `sticker ${(sticker as Fields).emoji ?? ''}`,
  location: () => 'location',
  contact: (contact) => `contact ${(contact as Fields).first_name}`,
  poll: (poll) => `poll ${(poll as Fields).question}`,
  dice: (dice) => `dice ${(dice as Fields).emoji}`,
  invoice: (invoice) => {
    const { title, total_amount: total, currency } = invoice as Fields
    return `invoice ${title}, ${total} ${currency}`
  },
  successful_payment: (payment) => {
    const { total_amount: total, currency } = payment as Fields
    return `paid ${total} ${currency}`
  },
  new_chat_members: (members) => `joined: ${people(members)}`,
  left_chat_member: (member) => `left: ${people([member])}`,
}
