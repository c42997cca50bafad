/** Gathers the pictures that a stream brings. */
import type { MadePicture } from './outcome.ts'

/** So many are kept of one answer. */
const MOST_PICTURES = 4
/** And so many characters of base64 in all: whoever answers holds them in memory. */
const MOST_CHARS = 16_000_000
const DATA_URL = /^data:(image\/[a-z0-9.+-]+);base64,/

/** The pictures of one answer. */
export class MadePictures {
  readonly #pictures: MadePicture[] = []
  #chars = 0

  /** Takes `delta.images` of an event. True where it brought a picture, kept or not. */
  take(images: unknown): boolean {
    if (!Array.isArray(images)) return false
    const urls = images.flatMap((image) => urlOf(image) ?? [])
    for (const url of urls) this.#add(url)
    return urls.length > 0
  }

  /** What was kept, in the order in which it came. */
  all(): readonly MadePicture[] {
    return this.#pictures
  }

  #add(url: string): void {
    const [prefix, mimeType] = DATA_URL.exec(url) ?? []
    if (prefix === undefined || mimeType === undefined) return
    const base64 = url.slice(prefix.length)
    // The last event may repeat what came before.
    if (this.#pictures.some((known) => known.base64 === base64)) return
    if (this.#pictures.length >= MOST_PICTURES || this.#chars + base64.length > MOST_CHARS) return
    this.#chars += base64.length
    this.#pictures.push({ mimeType, base64 })
  }
}

/** Any other address than a data URL is not followed: whoever made it up would learn who asks. */
function urlOf(image: unknown): string | undefined {
  const url = (image as { image_url?: { url?: unknown } } | null)?.image_url?.url
  return typeof url === 'string' && url.startsWith('data:image/') ? url : undefined
}
