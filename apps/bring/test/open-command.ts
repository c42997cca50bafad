/** The command as a process on a Redis of the test's own, and files for it to read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAudience, createHomes, createKeys } from '@chatlane/lanes'
import { openTestRedis, startCommand } from '@chatlane/test-kit'
import { onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const SHARDS = 3

/** Call inside a test. */
export function openCommand() {
  const { redis, prefix, url } = openTestRedis()
  const keys = createKeys({ prefix, shards: SHARDS })
  const folder = mkdtempSync(join(tmpdir(), 'bring-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const environment = {
    REDIS_URL: url,
    REDIS_PREFIX: prefix,
    LANE_SHARDS: String(SHARDS),
    TELEGRAM_BOT_TOKEN: '7:AAAAAAAAAAAAAAAAAAAA',
  }
  const runWith = (more: Record<string, string>, ...args: string[]) =>
    startCommand({ main: MAIN, args, env: { ...environment, ...more }, cwd: folder }).ended
  return {
    ...{ redis, keys, url, prefix, runWith },
    run: (...args: string[]) => runWith({}, ...args),
    audience: createAudience({ redis, keys }),
    homes: createHomes({ redis, keys }),
    /** Writes a file into the folder that the command runs in. */
    write: (name: string, content: unknown) =>
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content)),
  }
}
