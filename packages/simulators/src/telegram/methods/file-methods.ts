/** Methods that carry files: sendPhoto, sendDocument, sendVoice, sendMediaGroup, getFile. */
import { badRequest } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { type MediaKind, mediaField, storeMedia } from '../media.ts'
import { isObject, type Params, readArray, readInteger, readString } from '../params.ts'
import type { Call, Methods } from './method.ts'
import { destinationOf, post } from './sending.ts'
import { captionFields } from './text-param.ts'

const MOST_PHOTO_BYTES = 10 * 1024 * 1024
const MOST_UPLOAD_BYTES = 50 * 1024 * 1024
const MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024

/** A file that a call names: an upload, `attach://<field>`, a file id or an address (which is not fetched). */
function fileFields(
  call: Call,
  source: { kind: MediaKind; value: unknown; field: string },
): Record<string, unknown> {
  const { kind, value, field } = source
  const { files } = call.world
  const name = typeof value === 'string' && value.startsWith('attach://') ? value.slice(9) : field
  const upload = call.files.get(name)
  const details = { durationSeconds: readInteger(call.params, 'duration') }
  if (upload !== undefined) {
    if (upload.bytes.length === 0) throw badRequest('file must be non-empty')
    if (upload.bytes.length > MOST_UPLOAD_BYTES) throw badRequest('file is too big')
    if (kind === 'photo' && upload.bytes.length > MOST_PHOTO_BYTES)
      throw badRequest('file is too big for a photo')
    return storeMedia(files, { kind, file: upload, details })
  }
  if (typeof value !== 'string' || value === '') throw badRequest(`there is no ${kind} in the request`)
  if (/^https?:\/\//.test(value)) {
    const fileName = value.split(/[/?#]/).findLast((part) => part !== '') ?? 'file'
    return storeMedia(files, { kind, file: { bytes: Buffer.from(value), fileName }, details })
  }
  const stored = files.find(value)
  if (stored === undefined) throw badRequest('wrong file identifier/HTTP URL specified')
  return mediaField(kind, stored, details)
}

function sendFile(kind: MediaKind): (call: Call) => Message {
  return (call) => {
    const destination = destinationOf(call)
    const caption = captionFields(call.bot, call.params)
    const file = fileFields(call, { kind, value: call.params[kind], field: kind })
    return post(call, destination, { ...file, ...caption })
  }
}

function itemsOf(params: Params): unknown[] {
  return readArray(params, 'media') ?? []
}

function sendMediaGroup(call: Call): Message[] {
  const destination = destinationOf(call)
  const items = itemsOf(call.params)
  if (items.length < 2 || items.length > 10) throw badRequest('group must contain 2-10 items to send')
  const contents = items.map((item, at) => {
    const kind = isObject(item) ? readString(item, 'type') : undefined
    if (!isObject(item) || (kind !== 'photo' && kind !== 'document')) {
      throw badRequest(`can't parse InputMedia: media type must be photo or document, item ${at + 1}`)
    }
    const file = fileFields(call, { kind, value: item.media, field: '' })
    return { ...file, ...captionFields(call.bot, item) }
  })
  const mediaGroupId = `1${String(call.world.nextSerial()).padStart(16, '0')}`
  return contents.map((content) => post(call, destination, { media_group_id: mediaGroupId, ...content }))
}

function getFile({ world, params }: Call): unknown {
  const file = world.files.find(readString(params, 'file_id') ?? '')
  if (file === undefined) throw badRequest('wrong file_id or the file is temporarily unavailable')
  if (file.bytes.length > MOST_DOWNLOAD_BYTES) throw badRequest('file is too big')
  return {
    file_id: file.fileId,
    file_unique_id: file.fileUniqueId,
    file_size: file.bytes.length,
    file_path: file.filePath,
  }
}

/** Methods for files. */
export const fileMethods: Methods = {
  sendPhoto: { cost: 'send', run: sendFile('photo') },
  sendDocument: { cost: 'send', run: sendFile('document') },
  sendVoice: { cost: 'send', run: sendFile('voice') },
  sendMediaGroup: {
    cost: 'send',
    items: (params) => Math.max(1, itemsOf(params).length),
    run: sendMediaGroup,
  },
  getFile: { cost: 'free', run: getFile },
}
