/** Reads what a call carries: a query string, JSON, a form, or a form with files. */
import type { IncomingMessage } from 'node:http'
import { readMultipart } from './multipart.ts'
import type { UploadedFile } from './uploaded-file.ts'

/** A call's parameters and files. */
export interface RequestBody {
  params: Record<string, unknown>
  files: ReadonlyMap<string, UploadedFile>
}

/** Thrown for a body that is not what its content type says. */
export class BodyError extends Error {
  readonly code = 'bad_body'
}

const NO_FILES: ReadonlyMap<string, UploadedFile> = new Map()
/** Telegram takes uploads of 50 MB. */
const MOST_BYTES = 52 * 1024 * 1024

/** All bytes of a request's body. Rejects with `BodyError` where they are too many or the client goes away. */
export function readBytes(request: IncomingMessage): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let length = 0
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > MOST_BYTES) reject(new BodyError('Request Entity Too Large'))
    else chunks.push(chunk)
  })
  request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
  request.on('close', () => reject(new BodyError('the client went away')))
  return promise
}

/** The parameters in a body, by its content type; an empty body has none. Throws `BodyError`. */
export function readBody(bytes: Buffer, contentType: string): RequestBody {
  if (bytes.length === 0) return { params: {}, files: NO_FILES }
  if (contentType.startsWith('multipart/form-data')) {
    const form = readMultipart(bytes, contentType)
    if (form === undefined) throw new BodyError("can't parse multipart form")
    return { params: form.fields, files: form.files }
  }
  if (contentType.startsWith('application/json')) return { params: readJsonObject(bytes), files: NO_FILES }
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return { params: readQuery(bytes.toString('utf8')), files: NO_FILES }
  }
  return { params: {}, files: NO_FILES }
}

/** The parameters in a query string. */
export function readQuery(query: string): Record<string, unknown> {
  return Object.fromEntries(new URLSearchParams(query))
}

function readJsonObject(bytes: Buffer): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new BodyError("can't parse JSON object")
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BodyError('object expected as a JSON body')
  }
  return value as Record<string, unknown>
}
