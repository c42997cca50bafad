/** Puts the files of a conversation into the prompt: what is asked about now, and the newest of what came before. */
import { type Attachment, type ModelSenses, mark, type PromptMessage } from '@chatlane/dialogue'
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
  /** To be called when the request has ended: its files are held until then. */
  release(): void
}

/** What of earlier messages is sent again with a later question. */
const MOST_EARLIER: Record<Attachment['kind'], number> = { picture: 4, pdf: 1, audio: 1 }
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
      hasPdf: false,
      release: () => undefined,
    }
  const load = async ({ fileId, kind }: Attachment): Promise<CachedFile | undefined> => {
    const loaded = await parts.cache.load({ botId, fileId, mostBytes: MOST_BYTES[kind] }, signal)
    return loaded.kind === 'loaded' ? loaded.file : undefined
  }
  let bytes = 0
  const chosen = new Set<Attachment>()
  for (const attachment of wantedOf(messages, senses)) {
    // Only its size is kept: what waits for room holds no bytes.
    const size = (await load(attachment))?.bytes.length
    if (size === undefined || bytes + size > PROMPT_MAX_BYTES) continue
    bytes += size
    chosen.add(attachment)
  }
  const release = await parts.room.take(bytes * COPIES, signal)
  try {
    const filled: AskedMessage[] = []
    for (const { role, content, attachments = [] } of messages) {
      const shown: PromptPart[] = []
      const marks: string[] = []
      for (const attachment of attachments) {
        const file = chosen.has(attachment) ? await load(attachment) : undefined
        const part = file && partOf(attachment, file, senses)
        if (part) shown.push(part)
        else marks.push(markOf(attachment))
      }
      const text = [content, ...marks].filter((line) => line !== '').join('\n')
      const words: PromptPart[] = text === '' ? [] : [{ type: 'text', text }]
      filled.push({ role, content: shown.length > 0 ? [...words, ...shown] : text })
    }
    return { messages: filled, hasPdf: [...chosen].some(({ kind }) => kind === 'pdf'), release }
  } catch (error) {
    release()
    throw error
  }
}

/** All files of the newest question, then the newest of what came before, as far as the model takes them. */
function wantedOf(messages: readonly PromptMessage[], senses: ModelSenses): Attachment[] {
  const newest = messages.findLastIndex(({ role }) => role === 'user')
  const left = { ...MOST_EARLIER }
  return messages
    .flatMap(({ attachments = [] }, nth) => attachments.map((attachment) => ({ attachment, nth })))
    .toReversed()
    .filter(({ attachment: { kind }, nth }) => {
      if (kind === 'picture' ? !senses.pictures : kind === 'audio' && senses.sounds === 'none') return false
      return nth === newest || left[kind]-- > 0
    })
    .map(({ attachment }) => attachment)
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
  const isTaken = senses.sounds === 'all' || type.format === 'wav' || type.format === 'mp3'
  return isTaken ? { type: 'input_audio', input_audio: { data: data(), format: type.format } } : undefined
}

function markOf({ kind, fileName }: Attachment): string {
  if (kind === 'picture') return mark('picture')
  if (kind === 'audio') return mark('recording')
  return mark(fileName === undefined ? 'file' : `file "${fileName}"`)
}
