import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { latch } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** Runs the playground as the launcher does. */
function run(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], {
    env: { PLAYGROUND_PORT: '0', ...env },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const err = text(child.stderr as Readable)
  let message: Record<string, string> | undefined
  child.on('message', (received) => {
    message = received as Record<string, string>
  })
  const listening = latch<{ address: string; message: Record<string, string> | undefined }>()
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { address } = JSON.parse(line) as { address?: string }
      if (address) listening.open({ address, message })
    })
  }
  // Not 'close': Node leaves it out after a `disconnect`.
  const ended = once(child, 'exit').then(async ([code]) => ({ code, err: await err }))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, listening: listening.opened, ended }
}

test('a launcher hears the settings before the address, and ends it with a signal', async () => {
  const { child, listening, ended } = run({ GATEWAY_PORT: '4000', MONITOR_PORT: '0' })
  const { address, message } = await listening
  expect(Object.keys(message ?? {})).toContain('OPENROUTER_BASE_URL')
  expect(message?.TELEGRAM_API_ROOT).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const state = (await (await fetch(`${address}/api/state`)).json()) as { ports: unknown }
  expect(state.ports).toEqual({ gateway: 4000 })
  // An open page does not hold it back.
  const stream = await fetch(`${address}/api/events`)
  child.kill('SIGTERM')
  expect((await ended).code).toBe(0)
  await stream.text().catch(() => undefined)
})

test('it ends when its launcher is gone', async () => {
  const { child, listening, ended } = run({})
  const { address } = await listening
  child.disconnect()
  await ended
  await expect(fetch(address)).rejects.toThrow('fetch failed')
})

test('every problem of the settings is a line', async () => {
  const { code, err } = await run({ PLAYGROUND_MODEL: 'maybe', PLAYGROUND_PORT: 'x' }).ended
  expect(code).toBe(1)
  expect(err).toBe(
    'PLAYGROUND_PORT: found "x", expected a port from 0 to 65535\nPLAYGROUND_MODEL: found "maybe", expected simulated or real\n',
  )
})
