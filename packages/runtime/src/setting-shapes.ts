/** The shapes that values of environment variables have. */
import { isIP } from 'node:net'
import { z } from 'zod'

/** Whether a text is an address or a range of them (`10.0.0.0/8`). */
function isAddressRange(found: string): boolean {
  const [address = '', bits, ...more] = found.split('/')
  const version = isIP(address)
  const most = version === 4 ? 32 : 128
  return (
    version !== 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && +bits <= most))
  )
}

/** Comma-separated addresses and ranges of them, or one of the `names` that stand for some. */
export const addressList = (names: readonly string[] = []) =>
  list.refine((found) => found.every((part) => names.includes(part) || isAddressRange(part)), {
    error: ['comma-separated addresses or ranges such as 10.0.0.0/8', ...names].join(', or '),
  })

/** Any text, or nothing. */
export const text = () => z.string().optional()
/** A text, or `fallback`. */
export const textOr = (fallback: string) => z.string().default(fallback)

/** A whole number within a range. */
export function whole(range: { min: number; max: number; fallback: number }) {
  const expected = `a whole number from ${range.min} to ${range.max}`
  return z
    .string()
    .default(String(range.fallback))
    .refine((found) => /^\d{1,15}$/.test(found) && +found >= range.min && +found <= range.max, {
      error: expected,
    })
    .transform(Number)
}

/** A port, or nothing. */
export const optionalPort = z
  .string()
  .optional()
  .refine((found) => found === undefined || (/^\d{1,5}$/.test(found) && +found <= 65535), {
    error: 'a port from 0 to 65535',
  })
  .transform((found) => (found === undefined ? undefined : Number(found)))

/** A number above another; `fallback` or nothing where it is missing. */
export function number(range: { above: number; fallback?: number }) {
  const expected = `a number above ${range.above}`
  return z
    .string()
    .optional()
    .refine((found) => found === undefined || (/^\d+(\.\d+)?$/.test(found) && +found > range.above), {
      error: expected,
    })
    .transform((found) => (found === undefined ? range.fallback : Number(found)))
}

/** A whole number within a range, or nothing. */
export const optionalWhole = (range: { min: number; max: number }) =>
  z
    .string()
    .optional()
    .refine(
      (found) =>
        found === undefined || (/^\d{1,15}$/.test(found) && +found >= range.min && +found <= range.max),
      { error: `a whole number from ${range.min} to ${range.max}` },
    )
    .transform((found) => (found === undefined ? undefined : Number(found)))

/** `true` or `false`. */
export const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'], { error: 'true or false' })
    .default(fallback ? 'true' : 'false')
    .transform((found) => found === 'true')

/** Whether a text is missing, or a URL of one of the protocols. */
export const httpUrl = (expected: string, protocols: string[]) => (found: string | undefined) => {
  if (found === undefined) return true
  const url = URL.canParse(found) ? new URL(found) : undefined
  return url !== undefined && protocols.includes(url.protocol) && expected !== ''
}

/** An http or https URL, without a slash at its end. */
export const urlOr = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .refine(httpUrl('url', ['http:', 'https:']), { error: 'an http or https URL' })
    .transform((found) => found.replace(/\/+$/, ''))

/** Comma-separated texts, or those of `fallback`. */
export const listOr = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((found) =>
      found
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )

/** Comma-separated texts. */
export const list = listOr('')
