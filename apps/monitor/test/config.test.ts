import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startRedisServer } from '@chatlane/embedded-redis'
import { isLoopback } from '@chatlane/runtime'
import { latch } from '@chatlane/test-kit'
import { expect, inject, onTestFinished, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** Runs the monitor as a process of its own, with nothing in its environment but `env`. */
function run(env: Record<string, string>, cwd = tmpdir()) {
  const child = spawn(process.execPath, [MAIN], { env: { MONITOR_PORT: '0', ...env }, cwd })
  const output = { out: '', err: '' }
  const listening = latch<string>()
  child.stdout.on('data', (chunk) => {
    output.out += chunk
    const address = /"address":"([^"]+)"/.exec(output.out)?.[1]
    if (address) listening.open(address)
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, ...output })),
  )
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, listening: listening.opened, ended }
}

test('without a password it refuses to be seen from elsewhere', async () => {
  const { ended } = run({ REDIS_URL: inject('redisUrl'), BIND_HOST: '0.0.0.0' })
  expect(await ended).toEqual({
    code: 1,
    out: '',
    err: 'MONITOR_PASSWORD: found nothing, expected a password, since BIND_HOST is 0.0.0.0\n',
  })
})

test('every problem is a line, and no secret is in one', async () => {
  const { ended } = run({
    REDIS_URL: 'http://user:hush@redis',
    MONITOR_WRITE: 'yes',
    BOARD_QUEUES: 'emails,bull:',
    MONITOR_PASSWORD: 'hush',
  })
  const { code, err } = await ended
  expect(code).toBe(1)
  expect(
    err
      .trimEnd()
      .split('\n')
      .map((line) => line.split(':')[0]),
  ).toEqual(['REDIS_URL', 'MONITOR_WRITE', 'BOARD_QUEUES'])
  expect(err).not.toContain('hush')
})

test('a queue that a Cluster would scatter is refused', async () => {
  const env = { REDIS_URL: 'redis+cluster://redis', BOARD_QUEUES: '{bull}:emails,reports' }
  expect((await run(env).ended).err).toBe(
    'BOARD_QUEUES: found bull:reports, expected a prefix with a hash tag in braces, since Redis is a Cluster\n',
  )
})

test('a Redis that may drop keys is refused with one line', async () => {
  const redis = await startRedisServer({ args: ['--maxmemory-policy', 'allkeys-lru'] })
  onTestFinished(() => redis.stop())
  const { code, err } = await run({ REDIS_URL: redis.url }).ended
  expect(code).toBe(1)
  expect(err).toMatch(/^REDIS_URL: found maxmemory-policy allkeys-lru, expected noeviction.*\n$/)
})

test('with a password it listens anywhere, says where, and ends with 0 when it is told to', async () => {
  const env = { REDIS_URL: inject('redisUrl'), BIND_HOST: '0.0.0.0', MONITOR_PASSWORD: 'hush' }
  const { child, listening, ended } = run(env)
  const { port } = new URL(await listening)
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(401)
  child.kill('SIGTERM')
  const { code, out } = await ended
  expect(code).toBe(0)
  expect(out).toContain('"msg":"monitor listens"')
  expect(out).not.toContain('hush')
})

test('what .env says holds where the environment says nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'monitor-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(
    join(folder, '.env'),
    `REDIS_URL=${inject('redisUrl')}\nMONITOR_USER=env\nMONITOR_PASSWORD=file\n`,
  )
  const { listening } = run({ MONITOR_PASSWORD: 'environment' }, folder)
  const headers = { authorization: `Basic ${btoa('env:environment')}` }
  expect((await fetch(await listening, { headers })).status).toBe(200)
})

test('loopback is what only this machine reaches', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', '[::1]', 'localhost', 'LocalHost']) {
    expect([host, isLoopback(host)]).toEqual([host, true])
  }
  for (const host of ['0.0.0.0', '::', '192.168.0.1', '127.0.0.1.evil.example', 'evil.example', '']) {
    expect([host, isLoopback(host)]).toEqual([host, false])
  }
})
