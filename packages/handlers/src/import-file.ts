/** Evaluates an author's file. */
import { sleep } from '@chatlane/runtime'
import { HandlersError } from './handlers-error.ts'
import { type Load, runWithin } from './load.ts'
import { redactTokens } from './redact-tokens.ts'

/** A module that still evaluates so long after it launched its bot waits for the launch, which never ends. */
const LAUNCHED_FOR_MS = 1000

/** The exports of a module. */
export type Exports = Record<string, unknown>

/**
 * What the file exports; undefined where its evaluation waits for the bot that it launched. Throws a HandlersError
 * where evaluating it fails.
 */
export async function importFile(load: Load, file: URL, name: string): Promise<Exports | undefined> {
  const settled = new AbortController()
  const launched = load.hasLaunched.promise.then(() => sleep(LAUNCHED_FOR_MS, settled.signal))
  const imported = runWithin(load, load.token, () => import(file.href) as Promise<Exports>)
  try {
    return await Promise.race([imported, launched.then(() => undefined)])
  } catch (error) {
    if (error instanceof HandlersError) throw error
    const cause = redactTokens(error, load.token)
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HandlersError('HANDLERS_IMPORT', `${name} could not be loaded: ${reason}`, { cause })
  } finally {
    settled.abort()
  }
}
