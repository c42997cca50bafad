/** Puts the files of a conversation into the prompt: what is asked about now, and the newest of what came before. */
import {
  type Attachment,
  fileMark,
  filesToSend,
  type ModelSenses,
  type PromptMessage,
} from '@chatlane/dialogue'
import type { PromptMessage as AskedMessage, PromptPart } from '@chatlane/openrouter'
import type { ByteRoom } from './byte-room.ts'
import type { CachedFile, FileCache } from './file-cache.ts'
import { MOST_BYTES } from './file-limits.ts'

/** What turning attachments into parts needs. */
export interface PromptFilesParts {
  cache: FileCache
  /** What all prompts with files hold at once in this process. */
  room: ByteRoom
}

/** A prompt whose files are in it. */
export interface FilledPrompt {
  messages: AskedMessage[]
  hasPdf: boolean
  /** What its pictures are taken to cost before anything is known of the model, in tokens. */
  pictureTokens: number
  /** To be called when the request has ended: its files are held until then. */
  release(): void
}

/** The bytes of all files of one prompt. */
const PROMPT_MAX_BYTES = 20 * 1024 * 1024
/** A file is held as bytes, as base64, and in the body of the request. */
const COPIES = 4

/** Fills a prompt. What is not sent, or can't be had any more, is a short mark. Rejects once `signal` aborts. */
export async function fillPrompt(
  parts: PromptFilesParts,
  asked: { botId: string; messages: readonly PromptMessage[]; senses: ModelSenses; signal: AbortSignal },
): Promise<FilledPrompt> {
  const { botId, messages, senses, signal } = asked
  if (!messages.some(({ attachments }) => attachments?.length))
    return {
      messages: messages.map(({ role, content }) => ({ role, content })),
      ...{ hasPdf: false, pictureTokens: 0 },
      release: () => undefined,
    }
  const load = async ({ fileId, kind }: Attachment): Promise<CachedFile | undefined> => {
    const loaded = await parts.cache.load({ botId, fileId, mostBytes: MOST_BYTES[kind] }, signal)
    return loaded.kind === 'loaded' ? loaded.file : undefined
  }
  let bytes = 0
  const chosen = new Set<Attachment>()
  for (const attachment of filesToSend(messages)) {
    if (!isTaken(attachment, senses)) continue
    // Only its size is kept: what waits for room holds no bytes.
    const size = (await load(attachment))?.bytes.length
    if (size === undefined || bytes + size > PROMPT_MAX_BYTES) continue
    bytes += size
    chosen.add(attachment)
  }
  const release = await parts.room.take(bytes * COPIES, signal)
  try {
    const filled: AskedMessage[] = []
    let pictureTokens = 0
    for (const { role, content, attachments = [] } of messages) {
      const shown: PromptPart[] = []
      const marks: string[] = []
      for (const attachment of attachments) {
        const file = chosen.has(attachment) ? await load(attachment) : undefined
        const part = file && partOf(attachment, file, senses)
        if (part?.type === 'image_url') pictureTokens += attachment.tokens
        if (part) shown.push(part)
        else marks.push(fileMark(attachment))
      }
      const text = [content, ...marks].filter((line) => line !== '').join('\n')
      const words: PromptPart[] = text === '' ? [] : [{ type: 'text', text }]
      filled.push({ role, content: shown.length > 0 ? [...words, ...shown] : text })
    }
    const hasPdf = [...chosen].some(({ kind }) => kind === 'pdf')
    return { messages: filled, hasPdf, pictureTokens, release }
  } catch (error) {
    release()
    throw error
  }
}

function isTaken({ kind }: Attachment, senses: ModelSenses): boolean {
  return kind === 'picture' ? senses.pictures : kind !== 'audio' || senses.sounds !== 'none'
}

function partOf(
  { kind, fileName }: Attachment,
  file: CachedFile,
  senses: ModelSenses,
): PromptPart | undefined {
  const { bytes, type } = file
  const data = () => bytes.toString('base64')
  if (kind === 'picture' && type?.type === 'picture')
    return { type: 'image_url', image_url: { url: `data:${type.mimeType};base64,${data()}` } }
  if (kind === 'pdf' && type?.type === 'pdf') {
    const file_data = `data:application/pdf;base64,${data()}`
    return { type: 'file', file: { filename: fileName ?? 'document.pdf', file_data } }
  }
  if (kind !== 'audio' || type?.type !== 'sound') return undefined
  const isFormatTaken = senses.sounds === 'all' || type.format === 'wav' || type.format === 'mp3'
  return isFormatTaken
    ? { type: 'input_audio', input_audio: { data: data(), format: type.format } }
    : undefined
}
