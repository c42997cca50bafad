/** The life of a command's process: run once, then ended with what it came to. */
import { ConfigurationError } from '@chatlane/runtime'

/**
 * Runs `main` and ends the process: with 0 where it did as it was asked; with 1 where it answers false, which it has
 * told about itself, or throws. What it throws is a line on stderr, a configuration problem a line each.
 */
export async function runCommand(main: (() => Promise<void>) | (() => Promise<boolean>)): Promise<never> {
  try {
    const isWhole = await main()
    process.exit(isWhole === false ? 1 : 0)
  } catch (error) {
    const lines = error instanceof ConfigurationError ? error.problems : [(error as Error).message]
    for (const line of lines) process.stderr.write(`${line}\n`)
    process.exit(1)
  }
}
