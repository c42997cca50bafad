/** An example with the script that people play with it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TelegramSimulator } from '@chatlane/simulators'
import { onTestFinished } from 'vitest'

/** An example, as it is run in any way: plain, or as HANDLERS of any number of workers. */
export interface Example {
  /** The bot's file: an absolute path. */
  file: string
  /** Variables of the example, with a new data folder that goes with the test. The bot's token and API root are not among them. */
  environment(): Record<string, string>
  /** Makes the people and plays all of it. Resolves with the transcript, rejects where an outcome does not come in 30 s. */
  run(telegram: TelegramSimulator): Promise<string>
}

/** The path of a file of `examples/`. */
export function exampleFile(path: string): string {
  return fileURLToPath(new URL(`../../examples/${path}`, import.meta.url))
}

/** A new folder that is removed with the test. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chatlane-example-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
