/** What the kit takes from the process that the tests run in: the one place of this package that reads the environment. */
import { SETTINGS } from '@chatlane/runtime'

/** Where programs are looked for. */
export function searchPath(): string | undefined {
  return process.env.PATH
}

/** A Redis to be used instead of one of the kit's own. */
export function givenRedisUrl(): string | undefined {
  return process.env.REDIS_URL || undefined
}

/**
 * What the author's code finds in its environment beside what a test gives it. The product's own settings are empty,
 * so that neither a real token of the shell nor one of an `.env` reaches a test.
 */
export function passedOn(): Record<string, string> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return {
    ...Object.fromEntries(own),
    ...Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, ''])),
  }
}
