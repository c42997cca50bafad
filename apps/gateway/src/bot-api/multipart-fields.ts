/** Reads the plain fields of multipart/form-data, and whether there are files beside them. */
import { Busboy } from '@fastify/busboy'

/** What stands in a form; of fields with the same name the first. */
export interface FormFields {
  fields: Record<string, string>
  hasFiles: boolean
}

/** So many bytes are read in one go, so that a large file does not keep others waiting. */
const SLICE_BYTES = 1024 * 1024

/** The fields of a form, undefined where it is not well formed. A part with a file name is a file, as for Telegram. */
export async function readMultipartFields(
  contentType: string,
  bytes: Buffer,
): Promise<FormFields | undefined> {
  const fields = new Map<string, string>()
  let hasFiles = false
  try {
    const parser = new Busboy({
      headers: { 'content-type': contentType },
      isPartAFile: (_field, _type, fileName) => fileName !== undefined,
      // The body is bounded as a whole.
      limits: { fieldSize: bytes.length, fieldNameSize: bytes.length },
    })
    const ended = new Promise<void>((resolve, reject) => {
      parser.on('finish', resolve)
      parser.on('error', reject)
    })
    ended.catch(() => undefined)
    parser.on('field', (name, value) => {
      if (!fields.has(name)) fields.set(name, value)
    })
    parser.on('file', (_name, file) => {
      hasFiles = true
      file.resume()
    })
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      parser.write(bytes.subarray(at, at + SLICE_BYTES))
      await new Promise((resolve) => setImmediate(resolve))
    }
    parser.end()
    await ended
  } catch {
    return undefined
  }
  return { fields: Object.fromEntries(fields), hasFiles }
}
