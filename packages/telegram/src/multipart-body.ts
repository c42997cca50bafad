// A call's parameters and files as multipart/form-data, in one piece.
import { randomUUID } from 'node:crypto'
import type { CallFile } from './file-source.ts'

/** A request's body and its content type. */
export interface MultipartBody {
  contentType: string
  bytes: Buffer
}

/**
 * Strings go as they are, everything else as JSON, which the Bot API takes in any field; undefined and null are left
 * out. Throws a TypeError for what is no JSON.
 */
export function multipartBody(payload: object, files: readonly CallFile[]): MultipartBody {
  const boundary = `chatlane-${randomUUID()}`
  const parts: Buffer[] = []
  const add = (disposition: string, type: string, content: Buffer) => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${type}\r\n`
    parts.push(Buffer.from(head), content, Buffer.from('\r\n'))
  }
  for (const [name, value] of Object.entries(payload)) {
    if (value === undefined || value === null) continue
    const content = typeof value === 'string' ? value : JSON.stringify(value)
    add(`name="${quoted(name)}"`, '', Buffer.from(content))
  }
  for (const { field, fileName, bytesBase64 } of files) {
    const disposition = `name="${quoted(field)}"; filename="${quoted(fileName)}"`
    add(disposition, 'Content-Type: application/octet-stream\r\n', Buffer.from(bytesBase64, 'base64'))
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`))
  return { contentType: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat(parts) }
}

/** As browsers write names (https://html.spec.whatwg.org/#multipart-form-data). */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
