// The one message of a broadcast: it can't be cut, so it must fit.
import { type BotCall, CAPTION_MAX_UNITS, type SendText } from './delivery.ts'
import { renderMarkdown } from './markdown.ts'
import { cutPages } from './pages.ts'

/** What writing an announcement came to. `units` is its length in UTF-16 units, `maxUnits` the longest that fits. */
export type Announcement =
  | { kind: 'ready'; delivery: SendText | BotCall }
  | { kind: 'blank' }
  | { kind: 'too-long'; units: number; maxUnits: number }

const TEXT_MAX_UNITS = 4096

/** One message to no chat yet, of Markdown, as the caption of a photo (its https URL or file_id) where there is one. */
export function writeAnnouncement(message: { markdown: string; photo?: string | undefined }): Announcement {
  const { markdown, photo } = message
  const maxUnits = photo === undefined ? TEXT_MAX_UNITS : CAPTION_MAX_UNITS
  const rendered = renderMarkdown(markdown)
  const [page, ...more] = cutPages(rendered, { maxUnits })
  if (more.length > 0) return { kind: 'too-long', units: rendered.text.length, maxUnits }
  if (photo === undefined) {
    return page
      ? { kind: 'ready', delivery: { method: 'sendMessage', chatId: 0, ...page } }
      : { kind: 'blank' }
  }
  const caption = page && { caption: page.text, caption_entities: page.entities }
  return { kind: 'ready', delivery: { method: 'sendPhoto', payload: { photo, ...caption } } }
}
