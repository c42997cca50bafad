/** Tells calls that upload bytes. */

interface Source {
  source?: unknown
  url?: unknown
  media?: unknown
}

const isObject = (value: unknown): value is Source => typeof value === 'object' && value !== null

const holdsBytes = (value: unknown) => isObject(value) && Boolean(value.source || value.url)

/** Whether Telegraf sends `payload` as a form: its `includesMedia` (telegraf 4.16.3, core/network/client). */
export function hasFiles(payload: Record<string, unknown>): boolean {
  return Object.entries(payload).some(([name, value]) => {
    if (name === 'link_preview_options') return false
    if (Array.isArray(value)) return value.some((item) => isObject(item) && holdsBytes(item.media))
    return holdsBytes(value) || (isObject(value) && holdsBytes(value.media))
  })
}
