/** Has somebody write down what is said in a sound, and counts what that costs. */
import type { FetchedSpeech } from '@chatlane/dialogue'
import type { OpenRouter } from '@chatlane/openrouter'
import type { Log, Tally } from '@chatlane/runtime'
import type { Payer, Spending } from '../spending.ts'
import type { CachedFile } from './file-cache.ts'

/** What writing down needs. */
export interface TranscriptionParts {
  openRouter: Pick<OpenRouter, 'transcribe'>
  spending: Pick<Spending, 'transcription'>
  tally: Tally
  log: Log
}

/** A fault that passes is met by asking once more. */
const TRIES = 2

/** Whose sound it is, and what hears it. */
interface Recording {
  botId: string
  /** Who pays, and for which question. */
  payer: Payer
  model: string
  file: CachedFile
  /** What the sound would cost in a prompt, estimated. */
  tokens: number
  signal: AbortSignal
}

/** The words of a sound. Resolves as not heard where `signal` aborts, and where nobody may pay for it. */
export async function transcription(parts: TranscriptionParts, asked: Recording): Promise<FetchedSpeech> {
  const { botId, model, file, payer, tokens } = asked
  if (file.type?.type !== 'sound') return { kind: 'failed', why: 'unreadable' }
  const { format } = file.type
  let words: string | undefined
  const purchase = { botId, ...payer, models: [model], promptTokens: tokens }
  await parts.spending.transcription(purchase, async () => {
    const written = await write(parts, { ...asked, format })
    words = written?.text
    return written?.costUsd
  })
  return words === undefined ? { kind: 'failed', why: 'notHeard' } : { kind: 'heard', text: words }
}

async function write(
  parts: TranscriptionParts,
  { botId, model, file, format, signal }: Recording & { format: string },
): Promise<{ text: string; costUsd: number } | undefined> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await parts.openRouter.transcribe({ model, bytes: file.bytes, format }, signal)
    if (outcome.kind === 'transcribed') return outcome
    if (outcome.kind !== 'failed') return undefined
    const { code, retryable, status, detail } = outcome.fault
    parts.tally.count('chatlane_openrouter_faults_total', { bot: botId, model, code })
    parts.log.error({ bot: botId, model, code, status, detail }, 'a recording was not written down')
    if (!retryable || attempt === TRIES) return undefined
  }
}
