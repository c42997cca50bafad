/** A file on its way from a client to the simulator. */

/** A file that a client sent along. */
export interface UploadedFile {
  bytes: Buffer
  fileName: string
  mimeType?: string | undefined
}
