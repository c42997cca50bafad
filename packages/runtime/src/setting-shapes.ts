/** The shapes that values of environment variables have. */
import { z } from 'zod'

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
