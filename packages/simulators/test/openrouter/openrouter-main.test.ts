import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../../src/openrouter-main.ts', import.meta.url))
let child: ChildProcess | undefined

afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

test.each(['SIGTERM', 'SIGINT'] as const)('runs as a process until %s', async (signal) => {
  const started = spawn(process.execPath, [MAIN, JSON.stringify({ answers: 'echo' })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child = started
  const [line] = await once(createInterface(started.stdout), 'line')
  const { url, controlUrl } = JSON.parse(line)
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1$/)
  expect((await fetch(`${url}/models`)).status).toBe(200)
  expect((await fetch(`${controlUrl}/ledger`)).status).toBe(200)
  started.kill(signal)
  expect(await once(started, 'exit')).toEqual([0, null])
})
