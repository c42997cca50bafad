/** Keeps a summary that was made while turns went on. */
import { loadScript, type RedisClient } from '@chatlane/runtime'
import { type ContextSummary, packText } from './context.ts'

const keep = loadScript(new URL('./lua/keep-summary.lua', import.meta.url))

/**
 * Writes the summary of a context under `key`. 'outdated': the conversation has begun anew since, or another summary
 * goes as far already. It is forgotten with the rest of the memory. Safe to repeat.
 */
export async function keepSummary(
  redis: RedisClient,
  { key, generation, summary }: { key: string; generation: number; summary: ContextSummary },
): Promise<'kept' | 'outdated'> {
  const { upTo, text } = summary
  const kept = await keep(redis, [key], [generation === 0 ? '' : generation, upTo, packText(text)])
  return kept === 1 ? 'kept' : 'outdated'
}
