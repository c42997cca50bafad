/** Gathers what a turn says and turns it into deliveries: pages of text, and long code as files. */
import type { Delivery, DeliveryClass, Turn } from '@chatlane/lanes'
import {
  cutPages,
  type FormattedText,
  longCodeFiles,
  placeAddress,
  renderMarkdown,
  type SendDocument,
  type SendText,
} from '@chatlane/telegram'

/** What a turn has said so far. */
export interface Replies {
  /** Adds a reply in Markdown. `command`: it answers a command and goes first. */
  add(markdown: string, options: { command: boolean }): void
  isEmpty(): boolean
  /** The deliveries; with `stream` the pages take the place of what the stream shows. */
  deliveries(stream: string | undefined): Delivery[]
}

/** The replies of `turn`; the first one replies to `replyToMessageId`. */
export function createReplies(turn: Turn, replyToMessageId: number | undefined): Replies {
  const said: { page: FormattedText; class: DeliveryClass }[] = []
  const files: { name: string; text: string }[] = []
  const address = { chatId: Number(turn.lane.homeId), ...placeAddress(turn.lane.place) }
  const deliveryOf = (nth: number, kind: DeliveryClass, payload: object): Delivery => ({
    id: `${turn.turnId}.${nth}`,
    class: kind,
    place: turn.lane.place,
    payload: JSON.stringify(payload),
  })
  const textOf = (page: FormattedText, index: number): SendText => ({
    method: 'sendMessage',
    ...address,
    ...page,
    ...(index === 0 && replyToMessageId !== undefined && { replyToMessageId }),
  })
  const fileOf = ({ name, text }: { name: string; text: string }): SendDocument => ({
    method: 'sendDocument',
    ...address,
    file: { bytesBase64: Buffer.from(text).toString('base64'), fileName: name },
  })
  return {
    add(markdown, { command }) {
      const pages = cutPages(renderMarkdown(markdown))
      // Markdown that shows nothing (a lone definition) is shown as it was written: silence is no answer.
      const shown = pages.length > 0 ? pages : cutPages({ text: markdown, entities: [] })
      for (const page of shown) said.push({ page, class: command ? 0 : 1 })
      files.push(...longCodeFiles(markdown))
    },
    isEmpty: () => said.length === 0,
    deliveries(stream) {
      const texts = said.map(({ page, class: kind }, index) => {
        const payload = textOf(page, index)
        if (stream === undefined) return deliveryOf(index, kind, payload)
        return { ...deliveryOf(index, kind, { ...payload, page: { index, of: said.length } }), stream }
      })
      // A stream that shows something has to end, also where nothing was said.
      if (stream !== undefined && said.length === 0) {
        const nothing = { ...textOf({ text: '', entities: [] }, 0), page: { index: 0, of: 0 } }
        texts.push({ ...deliveryOf(0, 1, nothing), stream })
      }
      const documents = files.map((file, index) => deliveryOf(texts.length + index, 1, fileOf(file)))
      return [...texts, ...documents]
    },
  }
}
