/** The files of one turn, as the dialogue gets at them. */
import type { FilePort, FileTrouble, HeardFile } from '@chatlane/dialogue'
import type { ModelCatalogue } from '@chatlane/openrouter'
import type { Payer } from '../spending.ts'
import { decodeText } from './decode-text.ts'
import type { FileCache, LoadOutcome } from './file-cache.ts'
import { MOST_BYTES } from './file-limits.ts'
import { sensesOf } from './model-senses.ts'
import { type TranscriptionParts, transcription } from './transcription.ts'

/** What files need. */
export interface FileParts extends TranscriptionParts {
  cache: FileCache
  catalogue: ModelCatalogue
}

/** Whose files they are. */
export interface FilesOwner {
  botId: string
  /** Who pays for what is written down, and for which question. */
  payer: Payer
  /** The model that is asked about them: a turn may choose another. */
  model(): string
  /** Writes down what the model does not hear; undefined: nothing is written down. */
  transcriptionModel: string | undefined
  /** The turn is given up. */
  signal: AbortSignal
  /** Shows that something is done, until the returned function is called. */
  showTyping(): () => void
}

/** No prompt takes more of a text. */
const TEXT_MAX_CHARS = 400_000

/** The port of a turn's files. Its calls reject with the reason of `signal` once it aborts. */
export function openFiles(parts: FileParts, owner: FilesOwner): FilePort {
  const { botId, model, transcriptionModel, signal } = owner
  const load = async ({ fileId, kind, bytes = 0 }: HeardFile): Promise<LoadOutcome> => {
    const mostBytes = MOST_BYTES[kind]
    if (bytes > mostBytes) return { kind: 'too-large' }
    const loaded = await parts.cache.load({ botId, fileId, mostBytes }, signal)
    if (loaded.kind === 'failed')
      parts.log.warn({ bot: botId, detail: loaded.detail }, 'a file was not fetched')
    return loaded
  }
  return {
    senses: () => sensesOf(parts.catalogue, model()),
    async fetch(file) {
      const loaded = await load(file)
      if (loaded.kind !== 'loaded') return failed(loaded)
      const { type } = loaded.file
      if (type?.type !== 'sound') return type ? { kind: 'ready', type: type.type } : UNREADABLE
      const { format } = type
      return { kind: 'ready', type: format === 'wav' || format === 'mp3' ? format : 'sound' }
    },
    async readText(file) {
      const loaded = await load(file)
      if (loaded.kind !== 'loaded') return failed(loaded)
      // Its type does not count: some words begin as sounds do.
      const text = decodeText(loaded.file.bytes)
      return text === undefined ? UNREADABLE : { kind: 'read', text: text.slice(0, TEXT_MAX_CHARS) }
    },
    async transcribe(file) {
      if (transcriptionModel === undefined) return { kind: 'off' }
      const stopTyping = owner.showTyping()
      try {
        const loaded = await load(file)
        if (loaded.kind !== 'loaded') return failed(loaded)
        const heard = await transcription(parts, {
          botId,
          payer: owner.payer,
          model: transcriptionModel,
          file: loaded.file,
          tokens: file.tokens,
          signal,
        })
        signal.throwIfAborted()
        return heard
      } finally {
        stopTyping()
      }
    },
  }
}

const UNREADABLE = { kind: 'failed', why: 'unreadable' } as const

const TROUBLES: Record<Exclude<LoadOutcome['kind'], 'loaded'>, FileTrouble> = {
  'too-large': 'tooLarge',
  gone: 'gone',
  failed: 'failed',
}

function failed(outcome: Exclude<LoadOutcome, { kind: 'loaded' }>): { kind: 'failed'; why: FileTrouble } {
  return { kind: 'failed', why: TROUBLES[outcome.kind] }
}
