// Downloads files that people sent, by Telegram's names of them. Their addresses hold the bot's token: none comes out.
import { open } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { Pool } from 'undici'
import type { BotApi } from './api.ts'

/**
 * What became of a download.
 * - `too-large`: more bytes than were wanted, or than the Bot API gives (20 MB).
 * - `gone`: Telegram does not know the file (any more).
 * - `failed`: it may work later. `detail` is an error's code or a fixed word.
 */
export type DownloadOutcome =
  | { kind: 'done'; bytes: Buffer }
  | { kind: 'too-large' }
  | { kind: 'gone' }
  | { kind: 'failed'; detail: string }

/** What one download may take. */
export interface DownloadLimits {
  mostBytes: number
  signal?: AbortSignal
}

/** Downloads for any number of bots. */
export interface FileDownloads {
  /** Never rejects. */
  download(token: string, fileId: string, limits: DownloadLimits): Promise<DownloadOutcome>
  /** Breaks off the downloads under way and closes the connections. */
  close(): Promise<void>
}

/** From the first call to the last byte. */
const TIMEOUT_MS = 45_000

/** Downloads through `apiRoot`, as `api` calls it; a local server that keeps files on a disk of ours is read there. */
export function createFileDownloads(options: {
  apiRoot: string
  api: Pick<BotApi, 'call'>
  /** From the first call to the last byte. Default 45 s. */
  timeoutMs?: number
}): FileDownloads {
  const { api, timeoutMs = TIMEOUT_MS } = options
  const { origin, pathname } = new URL(options.apiRoot)
  const base = pathname.replace(/\/+$/, '')
  const pool = new Pool(origin, { connections: 16, allowH2: false })
  const closing = new AbortController()
  const fetchPath = async (path: string, limits: DownloadLimits): Promise<DownloadOutcome> => {
    const { statusCode, headers, body } = await pool.request({
      method: 'GET',
      path,
      signal: limits.signal ?? null,
    })
    const isLarge = Number(headers['content-length'] ?? 0) > limits.mostBytes
    if (statusCode !== 200 || isLarge) {
      // What is not read would keep its connection.
      body.on('error', () => undefined).destroy()
      if (statusCode === 200) return { kind: 'too-large' }
      return statusCode === 404 ? { kind: 'gone' } : { kind: 'failed', detail: `status ${statusCode}` }
    }
    return gather(body, limits.mostBytes)
  }
  const find = async (token: string, fileId: string, limits: DownloadLimits): Promise<DownloadOutcome> => {
    const asked = await api.call<{ file_path?: unknown }>(
      token,
      'getFile',
      { file_id: fileId },
      { signal: limits.signal, timeoutMs },
    )
    if (asked.kind === 'refused') {
      if (/too big/i.test(asked.description)) return { kind: 'too-large' }
      return asked.code === 401 ? { kind: 'failed', detail: 'unauthorized' } : { kind: 'gone' }
    }
    if (asked.kind !== 'ok') return { kind: 'failed', detail: asked.kind }
    const filePath = asked.result?.file_path
    if (typeof filePath !== 'string' || filePath === '') return { kind: 'gone' }
    if (isAbsolute(filePath)) return await readLocal(filePath, limits.mostBytes)
    const path = filePath.split('/').map(encodeURIComponent).join('/')
    return fetchPath(`${base}/file/bot${token}/${path}`, limits)
  }
  return {
    async download(token, fileId, limits) {
      const signals = [
        AbortSignal.timeout(timeoutMs),
        closing.signal,
        ...(limits.signal ? [limits.signal] : []),
      ]
      try {
        return await find(token, fileId, { ...limits, signal: AbortSignal.any(signals) })
      } catch (error) {
        // An error of the network may name the address: only its code is told.
        const { code, name } = error as NodeJS.ErrnoException
        return { kind: 'failed', detail: code ?? name }
      }
    },
    close() {
      closing.abort()
      return pool.destroy()
    },
  }
}

async function gather(body: AsyncIterable<Buffer>, mostBytes: number): Promise<DownloadOutcome> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > mostBytes) return { kind: 'too-large' }
    chunks.push(chunk)
  }
  return { kind: 'done', bytes: Buffer.concat(chunks) }
}

/** A server started with `--local` names a path on its own disk. */
async function readLocal(path: string, mostBytes: number): Promise<DownloadOutcome> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    return size > mostBytes ? { kind: 'too-large' } : { kind: 'done', bytes: await file.readFile() }
  } finally {
    await file.close()
  }
}
