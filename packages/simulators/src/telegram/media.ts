/** Makes the objects that stand for files in messages, of bots and of people. */
import type { FileStore, StoredFile } from './file-store.ts'
import { imageSize } from './image-size.ts'
import type { UploadedFile } from './uploaded-file.ts'

/** Kinds of files that a message can hold. */
export type MediaKind =
  | 'photo'
  | 'document'
  | 'voice'
  | 'video'
  | 'audio'
  | 'animation'
  | 'sticker'
  | 'video_note'

/** What a sender may tell of a file. */
export interface MediaDetails {
  durationSeconds?: number | undefined
  mimeType?: string | undefined
  width?: number | undefined
  height?: number | undefined
  /** Of an audio file. */
  title?: string | undefined
  performer?: string | undefined
  /** Of a sticker. */
  emoji?: string | undefined
  setName?: string | undefined
}

/** Where files of each kind lie, their usual names and types. */
export const MEDIA_KINDS: Record<MediaKind, { folder: string; fileName: string; mimeType: string }> = {
  photo: { folder: 'photos', fileName: 'photo.jpg', mimeType: 'image/jpeg' },
  document: { folder: 'documents', fileName: 'document.bin', mimeType: 'application/octet-stream' },
  voice: { folder: 'voice', fileName: 'voice.oga', mimeType: 'audio/ogg' },
  video: { folder: 'videos', fileName: 'video.mp4', mimeType: 'video/mp4' },
  audio: { folder: 'music', fileName: 'audio.mp3', mimeType: 'audio/mpeg' },
  animation: { folder: 'animations', fileName: 'animation.mp4', mimeType: 'video/mp4' },
  sticker: { folder: 'stickers', fileName: 'sticker.webp', mimeType: 'image/webp' },
  video_note: { folder: 'video_notes', fileName: 'video_note.mp4', mimeType: 'video/mp4' },
}
const STICKER_SIDE = 512
const VIDEO_NOTE_SIDE = 240

/** Stores a file's bytes and gives the message's field for it, such as `{ photo: [sizes] }`. */
export function storeMedia(
  files: FileStore,
  { kind, file, details = {} }: { kind: MediaKind; file: UploadedFile; details?: MediaDetails },
): Record<string, unknown> {
  const mimeType = details.mimeType ?? file.mimeType ?? MEDIA_KINDS[kind].mimeType
  return mediaField(kind, files.add({ ...file, mimeType }, MEDIA_KINDS[kind].folder), details)
}

/** The message's field for a stored file. An animation stands there as a document too, as in Telegram. */
export function mediaField(
  kind: MediaKind,
  file: StoredFile,
  details: MediaDetails = {},
): Record<string, unknown> {
  const common = {
    file_id: file.fileId,
    file_unique_id: file.fileUniqueId,
    file_size: file.bytes.length,
  }
  const mime_type = details.mimeType ?? file.mimeType ?? MEDIA_KINDS[kind].mimeType
  const named = { file_name: file.fileName, mime_type }
  const duration = details.durationSeconds ?? 1
  const size = { width: details.width ?? 1280, height: details.height ?? 720 }
  switch (kind) {
    case 'photo':
      return { photo: photoSizes(file, common) }
    case 'voice':
      return { voice: { duration, mime_type, ...common } }
    case 'document':
      return { document: { ...named, ...common } }
    case 'video':
      return { video: { duration, ...size, ...named, ...common } }
    case 'animation':
      return {
        animation: { duration, ...size, ...named, ...common },
        document: { ...named, ...common },
      }
    case 'audio':
      return {
        audio: { duration, ...named, title: details.title, performer: details.performer, ...common },
      }
    case 'video_note':
      return { video_note: { duration, length: details.width ?? VIDEO_NOTE_SIDE, ...common } }
    case 'sticker':
      return { sticker: { ...stickerFields(details), ...common } }
  }
}

function photoSizes(file: StoredFile, common: Record<string, unknown>): Record<string, unknown>[] {
  const { width, height } = imageSize(file.bytes) ?? { width: 1280, height: 853 }
  const scale = 90 / Math.max(width, height)
  const scaled = { width: Math.ceil(width * scale), height: Math.ceil(height * scale) }
  const small = { ...common, file_unique_id: `${file.fileUniqueId}s`, ...scaled }
  return [small, { ...common, width, height }]
}

function stickerFields({ emoji, setName }: MediaDetails): Record<string, unknown> {
  const side = STICKER_SIDE
  const kind = { type: 'regular', is_animated: false, is_video: false }
  return { width: side, height: side, ...kind, emoji, set_name: setName }
}
