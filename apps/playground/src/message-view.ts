/** A message as the page is shown it. */
import type { Message, MessageEntity, PostedMessage, User } from '@chatlane/simulators'

/** Somebody who writes. */
export interface PersonView {
  id: number
  name: string
  isBot: boolean
  languageCode?: string | undefined
}

/** A button under a message: it opens `url` or sends `data` to the bot. */
export interface ButtonView {
  text: string
  url?: string
  data?: string
}

/** A file in a message; what its bytes are is at `/api/files/<fileId>`. */
export interface AttachmentView {
  /** `photo`, `document`, `voice`, or another kind that the page only names. */
  kind: string
  fileId?: string | undefined
  fileName?: string | undefined
  sizeBytes?: number | undefined
  /** In pixels; of photos. */
  width?: number | undefined
  height?: number | undefined
  /** Of voice messages. */
  durationSeconds?: number | undefined
}

/** A message as it is at `seq`: of two with one id the one with the higher `seq` is newer. */
export interface MessageView {
  chatId: number
  id: number
  seq: number
  from: PersonView | undefined
  /** The text, or the caption. */
  text: string
  entities: MessageEntity[]
  sentAtSeconds: number
  isEdited: boolean
  attachment: AttachmentView | undefined
  /** Messages of one album follow each other and share it. */
  albumId: string | undefined
  replyTo: { id: number; name: string; text: string } | undefined
  buttons: ButtonView[][]
  /** The emoji that the bot gave it. */
  reactions: string[]
}

const KINDS = ['photo', 'document', 'voice', 'video', 'audio', 'animation', 'sticker']

/** A person or bot. */
export function viewPerson(user: User): PersonView {
  return {
    id: user.id,
    name: [user.first_name, user.last_name].filter(Boolean).join(' '),
    isBot: user.is_bot,
    languageCode: user.language_code,
  }
}

/** A message as it is at `seq`. */
export function viewMessage(
  { message, reaction }: Pick<PostedMessage, 'message' | 'reaction'>,
  seq: number,
): MessageView {
  const replied = message.reply_to_message
  return {
    chatId: message.chat.id,
    id: message.message_id,
    seq,
    from: message.from && viewPerson(message.from),
    text: textOf(message),
    entities: message.entities ?? message.caption_entities ?? [],
    sentAtSeconds: message.date,
    isEdited: message.edit_date !== undefined,
    attachment: viewAttachment(message),
    albumId: message.media_group_id,
    replyTo: replied && {
      id: replied.message_id,
      name: replied.from ? viewPerson(replied.from).name : '',
      text: textOf(replied).slice(0, 200),
    },
    buttons: viewButtons(message.reply_markup),
    reactions: viewReactions(reaction),
  }
}

/** The emoji of a reaction; a custom one is shown as a star. */
export function viewReactions(reaction: readonly unknown[]): string[] {
  return (reaction as { emoji?: string }[]).map(({ emoji }) => emoji ?? '⭐')
}

interface FileFields {
  file_id?: string
  file_name?: string
  file_size?: number
  width?: number
  height?: number
  duration?: number
}

function viewAttachment(message: Message): AttachmentView | undefined {
  const kind = KINDS.find((each) => message[each] !== undefined)
  if (kind === undefined) return undefined
  // Of a photo there are several sizes, the largest last.
  const field = message[kind] as FileFields | FileFields[]
  const file = Array.isArray(field) ? (field.at(-1) ?? {}) : field
  return {
    kind,
    fileId: file.file_id,
    fileName: file.file_name,
    sizeBytes: file.file_size,
    width: file.width,
    height: file.height,
    durationSeconds: file.duration,
  }
}

function textOf(message: Message): string {
  return message.text ?? message.caption ?? ''
}

function viewButtons(markup: unknown): ButtonView[][] {
  const { inline_keyboard: rows } = (markup ?? {}) as { inline_keyboard?: Record<string, string>[][] }
  return (rows ?? []).map((row) =>
    row.map(({ text = '', url, callback_data: data }) => ({
      text,
      ...(url && { url }),
      ...(data && { data }),
    })),
  )
}
