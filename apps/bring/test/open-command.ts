/** The command as a process on a Redis of the test's own, and files for it to read. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAudience, createHomes, createKeys } from '@chatlane/lanes'
import { openTestRedis } from '@chatlane/test-kit'
import { onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const SHARDS = 3

/** What a command came to. */
export interface Ended {
  code: number | null
  out: string
  err: string
}

/** Call inside a test. */
export function openCommand() {
  const { redis, prefix, url } = openTestRedis()
  const keys = createKeys({ prefix, shards: SHARDS })
  const folder = mkdtempSync(join(tmpdir(), 'bring-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const environment = { REDIS_URL: url, REDIS_PREFIX: prefix, LANE_SHARDS: String(SHARDS) }
  const runWith = (more: Record<string, string>, ...args: string[]) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...environment, TELEGRAM_BOT_TOKEN: '7:AAAAAAAAAAAAAAAAAAAA', ...more },
      cwd: folder,
    })
    const output = { out: '', err: '' }
    child.stdout.on('data', (chunk) => {
      output.out += chunk
    })
    child.stderr.on('data', (chunk) => {
      output.err += chunk
    })
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...output })))
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await ended
    })
    return ended
  }
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
