/** Reads a file that a call names. */
import { badRequest } from '../bot-api-error.ts'
import { type MediaDetails, type MediaKind, mediaField, storeMedia } from '../media.ts'
import { type Params, readInteger, readString } from '../params.ts'
import type { Call } from './method.ts'

const MOST_PHOTO_BYTES = 10 * 1024 * 1024
const MOST_UPLOAD_BYTES = 50 * 1024 * 1024

/** What a call names as a file: its value, and the form's field in which an upload would be. */
export interface FileSource {
  kind: MediaKind
  value: unknown
  field: string
  /** Tells more of the file, such as its duration. */
  details: Params
}

/**
 * The message's field for a file: an upload, `attach://<field>`, a file id or an address (which is not fetched).
 * Undefined where the call names none. Throws 400s.
 */
export function inputFile(
  call: Pick<Call, 'world' | 'files'>,
  source: FileSource,
): Record<string, unknown> | undefined {
  const { kind, value, field } = source
  const { files } = call.world
  const name = typeof value === 'string' && value.startsWith('attach://') ? value.slice(9) : field
  const upload = call.files.get(name)
  const details = detailsIn(source.details)
  if (upload !== undefined) {
    if (upload.bytes.length === 0) throw badRequest('file must be non-empty')
    if (upload.bytes.length > MOST_UPLOAD_BYTES) throw badRequest('file is too big')
    if (kind === 'photo' && upload.bytes.length > MOST_PHOTO_BYTES)
      throw badRequest('file is too big for a photo')
    return storeMedia(files, { kind, file: upload, details })
  }
  if (typeof value !== 'string' || value === '' || value.startsWith('attach://')) return undefined
  if (/^https?:\/\//.test(value)) {
    const fileName = value.split(/[/?#]/).findLast((part) => part !== '') ?? 'file'
    return storeMedia(files, { kind, file: { bytes: Buffer.from(value), fileName }, details })
  }
  const stored = files.find(value)
  if (stored === undefined) throw badRequest('wrong file identifier/HTTP URL specified')
  return mediaField(kind, stored, details)
}

function detailsIn(params: Params): MediaDetails {
  return {
    durationSeconds: readInteger(params, 'duration'),
    width: readInteger(params, 'width') ?? readInteger(params, 'length'),
    height: readInteger(params, 'height'),
    title: readString(params, 'title'),
    performer: readString(params, 'performer'),
    emoji: readString(params, 'emoji'),
  }
}
