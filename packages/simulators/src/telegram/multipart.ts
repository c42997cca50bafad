/** Reads multipart/form-data, which clients use to upload files. */
import type { UploadedFile } from './uploaded-file.ts'

/** The plain fields and the files of a form. */
export interface Form {
  fields: Record<string, unknown>
  files: Map<string, UploadedFile>
}

const HEADERS_END = Buffer.from('\r\n\r\n')

/** Splits a body at its boundary. A part with a file name is a file; undefined where the body is not well formed. */
export function readMultipart(body: Buffer, contentType: string): Form | undefined {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  if (boundary === null) return undefined
  const separator = Buffer.from(`\r\n--${boundary[1] ?? boundary[2]}`)
  const form: Form = { fields: {}, files: new Map() }
  // The first separator may lack its line break.
  let at = body.indexOf(separator.subarray(2))
  if (at < 0) return undefined
  at += separator.length - 2
  while (body.toString('latin1', at, at + 2) !== '--') {
    const headersEnd = body.indexOf(HEADERS_END, at)
    const end = body.indexOf(separator, headersEnd)
    if (headersEnd < 0 || end < 0) return undefined
    addPart(form, body.toString('utf8', at, headersEnd), body.subarray(headersEnd + HEADERS_END.length, end))
    at = end + separator.length
  }
  return form
}

function addPart(form: Form, headers: string, bytes: Buffer): void {
  const name = dispositionField(headers, 'name')
  if (name === undefined) return
  const fileName = dispositionField(headers, 'filename')
  if (fileName === undefined) {
    form.fields[name] = bytes.toString('utf8')
    return
  }
  const mimeType = /^content-type:\s*(\S+)/im.exec(headers)?.[1]
  form.files.set(name, { bytes: Buffer.from(bytes), fileName, mimeType })
}

/** A field of content-disposition, quoted or not. */
function dispositionField(headers: string, field: string): string | undefined {
  const found = new RegExp(`[;\\s]${field}=(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(headers)
  return found?.[1] ?? found?.[2]
}
