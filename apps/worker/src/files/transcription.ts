/** Has somebody write down what is said in a sound, and counts what that costs. */
import type { Spend } from '@chatlane/chats'
import type { FetchedSpeech } from '@chatlane/dialogue'
import type { OpenRouter } from '@chatlane/openrouter'
import type { Log, Tally } from '@chatlane/runtime'
import type { CachedFile } from './file-cache.ts'

/** What writing down needs. */
export interface TranscriptionParts {
  openRouter: Pick<OpenRouter, 'transcribe'>
  spend(botId: string): Spend
  tally: Tally
  log: Log
}

/** A fault that passes is met by asking once more. */
const TRIES = 2

/** The words of a sound. Resolves as not heard where `signal` aborts. */
export async function transcription(
  parts: TranscriptionParts,
  asked: { botId: string; model: string; file: CachedFile; signal: AbortSignal },
): Promise<FetchedSpeech> {
  const { botId, model, file, signal } = asked
  if (file.type?.type !== 'sound') return { kind: 'failed', why: 'unreadable' }
  const labels = { bot: botId, model }
  for (let attempt = 1; ; attempt++) {
    const { bytes, type } = file
    const outcome = await parts.openRouter.transcribe({ model, bytes, format: type.format }, signal)
    if (outcome.kind === 'transcribed') {
      const { text, costUsd } = outcome
      parts.tally.count('chatlane_openrouter_cost_usd_total', labels, costUsd)
      if (costUsd > 0) await parts.spend(botId).add(costUsd)
      return { kind: 'heard', text }
    }
    if (outcome.kind === 'failed') {
      const { code, retryable, status, detail } = outcome.fault
      parts.tally.count('chatlane_openrouter_faults_total', { ...labels, code })
      parts.log.error({ bot: botId, model, code, status, detail }, 'a recording was not written down')
      if (retryable && attempt < TRIES) continue
    }
    return { kind: 'failed', why: 'notHeard' }
  }
}
