/** Gathers what a turn says and turns it into deliveries: pages of text, and long code as files. */
import type { ReplyOptions } from '@chatlane/dialogue'
import type { Delivery, DeliveryClass, Turn } from '@chatlane/lanes'
import type { MadePicture } from '@chatlane/openrouter'
import {
  cutPages,
  type FormattedText,
  type InlineKeyboard,
  longCodeFiles,
  placeAddress,
  renderMarkdown,
  type SendDocument,
  type SendPhoto,
  type SendText,
} from '@chatlane/telegram'
import type { Message } from 'telegraf/types'

/** 4 MB as base64: until it is sent, a picture is one value in Redis. */
const PICTURE_MAX_CHARS = Math.ceil((4 * 1024 * 1024 * 4) / 3)
/** What Telegram takes as a photo; other pictures go as files. */
const PHOTO_TYPES = new Set(['image/png', 'image/jpeg', 'image/webp'])

/** What a turn has said so far. */
export interface Replies {
  /** Adds a reply in Markdown. */
  add(markdown: string, options: ReplyOptions): void
  /** Adds a picture that the model made; it follows the text. For one of more than 4 MB `tooLarge` is said. */
  addPicture(picture: MadePicture, tooLarge: string): void
  /** Whether nothing was said but what stands aside. */
  isEmpty(): boolean
  /** The deliveries; with `stream` the pages, but not what stands aside, take the place of what the stream shows. */
  deliveries(stream: string | undefined): Delivery[]
}

interface Said {
  page: FormattedText
  class: DeliveryClass
  keyboard?: InlineKeyboard
  isAside: boolean
}

/** The replies of `turn`; the first one replies to `replyToMessageId`. */
export function createReplies(turn: Turn, replyToMessageId: number | undefined): Replies {
  const said: Said[] = []
  const files: { name: string; text: string }[] = []
  const pictures: MadePicture[] = []
  let lastWord = ''
  const address = { chatId: Number(turn.lane.homeId), ...placeAddress(turn.lane.place) }
  const deliveryOf = (nth: number, kind: DeliveryClass, payload: object): Delivery => ({
    id: `${turn.turnId}.${nth}`,
    class: kind,
    place: turn.lane.place,
    payload: JSON.stringify(payload),
  })
  const textOf = ({ page, keyboard }: Pick<Said, 'page' | 'keyboard'>, index: number): SendText => ({
    method: 'sendMessage',
    ...address,
    ...page,
    ...(keyboard && { keyboard }),
    ...(index === 0 && replyToMessageId !== undefined && { replyToMessageId }),
  })
  const fileOf = ({ name, text }: { name: string; text: string }): SendDocument => ({
    method: 'sendDocument',
    ...address,
    file: { bytesBase64: Buffer.from(text).toString('base64'), fileName: name },
  })
  const pictureOf = ({ mimeType, base64 }: MadePicture, isFirst: boolean): SendPhoto | SendDocument => ({
    method: PHOTO_TYPES.has(mimeType) ? 'sendPhoto' : 'sendDocument',
    ...address,
    file: { bytesBase64: base64, fileName: `picture.${mimeType.replace(/^image\/([a-z]+).*$/, '$1')}` },
    ...(isFirst && replyToMessageId !== undefined && { replyToMessageId }),
  })
  const add: Replies['add'] = (markdown, { command, keyboard, aside }) => {
    const pages = cutPages(renderMarkdown(markdown))
    // Markdown that shows nothing (a lone definition) is shown as it was written: silence is no answer.
    const shown = pages.length > 0 ? pages : cutPages({ text: markdown, entities: [] })
    const isAside = aside === true || keyboard !== undefined
    shown.forEach((page, index) => {
      const isLast = index === shown.length - 1
      said.push({ page, class: command ? 0 : 1, isAside, ...(isLast && keyboard && { keyboard }) })
    })
    files.push(...longCodeFiles(markdown))
  }
  return {
    add,
    addPicture(picture, tooLarge) {
      if (picture.base64.length > PICTURE_MAX_CHARS) lastWord = tooLarge
      else pictures.push(picture)
    },
    isEmpty: () => said.every(({ isAside }) => isAside) && lastWord === '',
    deliveries(stream) {
      if (lastWord !== '') add(lastWord, {})
      lastWord = ''
      const pages = said.filter(({ isAside }) => !isAside)
      const texts = said.map((each, index) => {
        const payload = textOf(each, index)
        if (stream === undefined || each.isAside) return deliveryOf(index, each.class, payload)
        const page = { index: pages.indexOf(each), of: pages.length }
        return { ...deliveryOf(index, each.class, { ...payload, page }), stream }
      })
      // A stream that shows something has to end, also where nothing was said.
      if (stream !== undefined && pages.length === 0) {
        const nothing = { ...textOf({ page: { text: '', entities: [] } }, 0), page: { index: 0, of: 0 } }
        texts.push({ ...deliveryOf(texts.length, 1, nothing), stream })
      }
      const documents = files.map((file, index) => deliveryOf(texts.length + index, 1, fileOf(file)))
      const first = texts.length + documents.length
      const photos = pictures.map((picture, index) =>
        deliveryOf(first + index, 1, pictureOf(picture, first + index === 0)),
      )
      return [...texts, ...documents, ...photos]
    },
  }
}

/** In a group a reply shows whom it answers. */
export function promptToReplyTo(message: Message | undefined): number | undefined {
  return message && message.chat.type !== 'private' ? message.message_id : undefined
}
