// Where the file of a message comes from, and the files that travel with a call.

/**
 * A file: one that Telegram has already, one that Telegram is to fetch (photos up to 5 MB, others up to 20 MB), or
 * bytes that are sent along. Bytes travel through the outbox as JSON, so they are for small files only: at most
 * {@link UPLOAD_MAX_BYTES}. Telegram makes the kind of a document from the ending of `fileName`.
 */
export type FileSource = { fileId: string } | { url: string } | { bytesBase64: string; fileName: string }

/** The largest file that is sent along, in bytes. Ours: a delivery is one value in Redis. */
export const UPLOAD_MAX_BYTES = 256 * 1024

/** A file of a call, as plain JSON. */
export interface CallFile {
  /** The form's field: the parameter the file stands for, or what `attach://<field>` in a parameter names. */
  field: string
  fileName: string
  bytesBase64: string
}

/** Tells a source's parameter and, where its bytes are sent along, adds them to `files`. */
export function fileParameter(source: FileSource, field: string, files: CallFile[]): string | undefined {
  if ('fileId' in source) return source.fileId
  if ('url' in source) return source.url
  files.push({ field, ...source })
  return undefined
}
