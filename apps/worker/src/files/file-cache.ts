/** Files of Telegram, kept for the questions that follow: fetched once, the newest ones held in memory. */
import type { DownloadOutcome, FileDownloads } from '@chatlane/telegram'
import { createByteRoom } from './byte-room.ts'
import { type FileType, fileTypeOf } from './file-type.ts'

/** A file that is there: its bytes, and what they say it is (undefined: none of what is known). */
export interface CachedFile {
  bytes: Buffer
  type: FileType | undefined
}

/** What became of a file. */
export type LoadOutcome = { kind: 'loaded'; file: CachedFile } | Exclude<DownloadOutcome, { kind: 'done' }>

/** A file that is wanted, unless it has more than `mostBytes`. */
export interface WantedFile {
  botId: string
  fileId: string
  mostBytes: number
}

/** The files that a process holds. */
export interface FileCache {
  /** Loads a file, from memory where it is there. Rejects with the reason of `signal` once that aborts, only then. */
  load(file: WantedFile, signal?: AbortSignal): Promise<LoadOutcome>
  /** Breaks off what is under way. */
  close(): Promise<void>
}

/** What is held of files that were asked about. */
const CACHE_BYTES = 64 * 1024 * 1024
/** What is on its way at once. */
const DOWNLOADING_BYTES = 96 * 1024 * 1024

/** A cache over `downloads`. */
export function createFileCache(options: {
  downloads: FileDownloads
  token(botId: string): string
  /** Default 64 MB. */
  cacheBytes?: number
}): FileCache {
  const { downloads, token, cacheBytes = CACHE_BYTES } = options
  const room = createByteRoom(DOWNLOADING_BYTES)
  // A map keeps the order of insertion: the first one was used longest ago.
  const kept = new Map<string, CachedFile>()
  const loading = new Map<string, Promise<LoadOutcome>>()
  let bytesKept = 0
  const forget = (key: string) => {
    bytesKept -= kept.get(key)?.bytes.length ?? 0
    kept.delete(key)
  }
  const keep = (key: string, file: CachedFile) => {
    forget(key)
    kept.set(key, file)
    bytesKept += file.bytes.length
    for (const oldest of kept.keys()) {
      if (bytesKept <= cacheBytes) return
      forget(oldest)
    }
  }
  const fetch = async (key: string, wanted: WantedFile): Promise<LoadOutcome> => {
    const { botId, fileId, mostBytes } = wanted
    const leave = await room.take(mostBytes)
    try {
      const outcome = await downloads.download(token(botId), fileId, { mostBytes })
      if (outcome.kind !== 'done') return outcome
      const file = { bytes: outcome.bytes, type: fileTypeOf(outcome.bytes) }
      keep(key, file)
      return { kind: 'loaded', file }
    } finally {
      leave()
    }
  }
  return {
    async load(wanted, signal) {
      signal?.throwIfAborted()
      const key = `${wanted.botId}:${wanted.fileId}`
      const known = kept.get(key)
      if (known) {
        keep(key, known)
        return { kind: 'loaded', file: known }
      }
      // Several questions about one file wait for one download.
      const begun = loading.get(key) ?? fetch(key, wanted).finally(() => loading.delete(key))
      loading.set(key, begun)
      return signal ? unlessAborted(begun, signal) : begun
    },
    close: () => downloads.close(),
  }
}

/** A download goes on for others who wait for it. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const leave = () => reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', leave))
}
