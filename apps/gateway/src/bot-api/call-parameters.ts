/** Reads the parameters of a call wherever the Bot API takes them: the address, JSON, a form, a form with files. */

import { readMultipartFields } from './multipart-fields.ts'
import { badRequest, type Refusal, TOO_LARGE } from './refusals.ts'

/** The parameters by name. With files they are those that stand beside them. */
export type CallParameters =
  | { kind: 'read'; payload: Record<string, unknown>; hasFiles: boolean }
  | { kind: 'refused'; refusal: Refusal }

/** Telegram's bound on parameters without files (td, HttpReader.h, MAX_TOTAL_PARAMETERS_LENGTH). */
const MOST_BYTES = 1024 * 1024

/**
 * Reads them as Telegram does (td, HttpReader.cpp): what stands in the address goes before the body, the first of a
 * name before the second, and a string that holds JSON is as good as the JSON. So forms need no translation.
 */
export async function readCallParameters(request: {
  query: string
  contentType: string
  bytes: Buffer
}): Promise<CallParameters> {
  const { query, contentType, bytes } = request
  const type = contentType.toLowerCase()
  const fromQuery = readForm(Buffer.from(query, 'latin1'))
  const read = (payload: Record<string, unknown>, hasFiles = false): CallParameters => ({
    kind: 'read',
    payload: { ...payload, ...fromQuery },
    hasFiles,
  })
  if (bytes.length === 0) return read({})
  if (type.startsWith('multipart/form-data')) {
    const form = await readMultipartFields(contentType, bytes)
    if (!form) return refused(badRequest("can't parse the multipart form"))
    if (!form.hasFiles && bytes.length > MOST_BYTES) return refused(TOO_LARGE)
    return read(form.fields, form.hasFiles)
  }
  if (bytes.length > MOST_BYTES) return refused(TOO_LARGE)
  if (type.startsWith('application/x-www-form-urlencoded')) return read(readForm(bytes))
  if (!type.startsWith('application/json')) return read({})
  const json = readJson(bytes.toString('utf8'))
  return json ? read(json) : refused(badRequest('JSON object expected'))
}

function refused(refusal: Refusal): CallParameters {
  return { kind: 'refused', refusal }
}

function readForm(bytes: Buffer): Record<string, string> {
  return Object.fromEntries([...new URLSearchParams(bytes.toString('utf8'))].reverse())
}

/** Undefined for what is no JSON object. A whole number that JavaScript would round stays as it is written. */
function readJson(text: string): Record<string, unknown> | undefined {
  const keep = (_name: string, value: unknown, context?: { source?: string }) =>
    Number.isInteger(value) && !Number.isSafeInteger(value) ? (context?.source ?? value) : value
  try {
    const value: unknown = JSON.parse(text, /\d{16}/.test(text) ? keep : undefined)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
