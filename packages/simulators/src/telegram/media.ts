/** Makes the objects that stand for files in messages, of bots and of people. */
import type { FileStore, StoredFile } from './file-store.ts'
import { imageSize } from './image-size.ts'
import type { UploadedFile } from './uploaded-file.ts'

/** Kinds of files that a message can hold. */
export type MediaKind = 'photo' | 'document' | 'voice'

/** What a sender may tell of a file. */
export interface MediaDetails {
  durationSeconds?: number | undefined
  mimeType?: string | undefined
}

const FOLDERS: Record<MediaKind, string> = { photo: 'photos', document: 'documents', voice: 'voice' }
const MIME_TYPES: Record<MediaKind, string> = {
  photo: 'image/jpeg',
  document: 'application/octet-stream',
  voice: 'audio/ogg',
}

/** Stores a file's bytes and gives the message's field for it, such as `{ photo: [sizes] }`. */
export function storeMedia(
  files: FileStore,
  { kind, file, details = {} }: { kind: MediaKind; file: UploadedFile; details?: MediaDetails },
): Record<string, unknown> {
  const mimeType = details.mimeType ?? file.mimeType ?? MIME_TYPES[kind]
  return mediaField(kind, files.add({ ...file, mimeType }, FOLDERS[kind]), details)
}

/** The message's field for a stored file. */
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
  const mimeType = details.mimeType ?? file.mimeType ?? MIME_TYPES[kind]
  if (kind === 'photo') {
    const { width, height } = imageSize(file.bytes) ?? { width: 1280, height: 853 }
    const scale = 90 / Math.max(width, height)
    const scaled = { width: Math.ceil(width * scale), height: Math.ceil(height * scale) }
    const small = { ...common, file_unique_id: `${file.fileUniqueId}s`, ...scaled }
    return { photo: [small, { ...common, width, height }] }
  }
  if (kind === 'voice') {
    return { voice: { duration: details.durationSeconds ?? 1, mime_type: mimeType, ...common } }
  }
  return { document: { file_name: file.fileName, mime_type: mimeType, ...common } }
}
