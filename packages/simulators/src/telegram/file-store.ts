/** The files that people and bots have sent: their bytes, until newer ones need the room. */
import type { UploadedFile } from './uploaded-file.ts'

/** A file under its two names. */
export interface StoredFile extends UploadedFile {
  fileId: string
  fileUniqueId: string
  /** As getFile names it and `/file/bot<token>/<path>` serves it. */
  filePath: string
}

/** Keeps the newest files, at most so many bytes. */
export class FileStore {
  private readonly keepBytes: number
  private readonly byId = new Map<string, StoredFile>()
  private readonly byPath = new Map<string, StoredFile>()
  private bytes = 0
  private count = 0

  constructor(keepBytes: number) {
    this.keepBytes = keepBytes
  }

  add(file: UploadedFile, folder: string): StoredFile {
    const serial = ++this.count
    const extension = /\.\w{1,8}$/.exec(file.fileName)?.[0] ?? ''
    const stored: StoredFile = {
      ...file,
      fileId: `AgACSim${folder}${String(serial).padStart(12, '0')}`,
      fileUniqueId: `AQADSim${serial}`,
      filePath: `${folder}/file_${serial}${extension}`,
    }
    this.byId.set(stored.fileId, stored)
    this.byPath.set(stored.filePath, stored)
    this.bytes += file.bytes.length
    this.forgetOldest(stored)
    return stored
  }

  find(fileId: string): StoredFile | undefined {
    return this.byId.get(fileId)
  }

  findByPath(filePath: string): StoredFile | undefined {
    return this.byPath.get(filePath)
  }

  private forgetOldest(newest: StoredFile): void {
    for (const file of this.byId.values()) {
      if (this.bytes <= this.keepBytes || file === newest) return
      this.byId.delete(file.fileId)
      this.byPath.delete(file.filePath)
      this.bytes -= file.bytes.length
    }
  }
}
