/** Methods that carry one file, and getFile. */
import { badRequest } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import type { MediaKind } from '../media.ts'
import { readFlag, readString } from '../params.ts'
import { inputFile } from './input-file.ts'
import type { Call, Method, Methods } from './method.ts'
import { destinationOf, post } from './sending.ts'
import { captionFields } from './text-param.ts'

const MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024

function sendFile(kind: MediaKind, { hasCaption = true } = {}): Method {
  return {
    cost: 'send',
    run: (call): Message => {
      const { bot, params } = call
      const destination = destinationOf(call)
      const caption = hasCaption ? captionFields(bot, params) : {}
      const file = inputFile(call, { kind, value: params[kind], field: kind, details: params })
      if (file === undefined) throw badRequest(`there is no ${kind.replace('_', ' ')} in the request`)
      return post(call, destination, {
        ...file,
        ...caption,
        ...(readFlag(params, 'has_spoiler') && { has_media_spoiler: true }),
      })
    },
  }
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
  sendPhoto: sendFile('photo'),
  sendDocument: sendFile('document'),
  sendVoice: sendFile('voice'),
  sendVideo: sendFile('video'),
  sendAudio: sendFile('audio'),
  sendAnimation: sendFile('animation'),
  sendSticker: sendFile('sticker', { hasCaption: false }),
  sendVideoNote: sendFile('video_note', { hasCaption: false }),
  getFile: { cost: 'free', run: getFile },
}
