import { startRedisServer } from '@chatlane/embedded-redis'
import { until } from '@chatlane/test-kit'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { type ServiceProcess, startServiceProcess } from './service-process.ts'
import { openStack, TOKEN } from './stack.ts'
import { WEBHOOK_ENVIRONMENT, WEBHOOK_SECRET } from './webhook.ts'

const BOT = TOKEN.split(':')[0] ?? ''
const update = (id: number) => ({
  update_id: id,
  message: {
    message_id: id,
    date: 1,
    chat: { id: 5, type: 'private' },
    from: { id: 5, is_bot: false, first_name: 'A' },
    text: 'hi',
  },
})

async function post(
  gateway: ServiceProcess,
  body: string | object,
  { secret = WEBHOOK_SECRET, bot = BOT }: { secret?: string | undefined; bot?: string } = {},
): Promise<Response> {
  return fetch(`${await gateway.address}/telegram/${bot}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(secret && { 'x-telegram-bot-api-secret-token': secret }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

test('what is no update of a known bot with its secret is refused, and nothing of it is stored', async () => {
  const stack = await openStack({ environment: WEBHOOK_ENVIRONMENT })
  const gateway = await stack.start('gateway')
  const stored = async () =>
    (await stack.redis.redis.keys(`${stack.redis.prefix}:{s0}:*`)).filter((key) => !key.includes('meta'))
  const before = await stored()
  expect((await post(gateway, update(1), { secret: 'wrong' })).status).toBe(401)
  expect((await post(gateway, update(1), { secret: '' })).status).toBe(401)
  expect((await post(gateway, update(1), { bot: '999' })).status).toBe(404)
  for (const broken of [
    '{',
    '',
    'null',
    '[]',
    '7',
    '{"update_id":"1"}',
    '{"update_id":1.5,"message":{}}',
    '{}',
  ]) {
    expect([broken, (await post(gateway, broken)).status]).toEqual([broken, 400])
  }
  expect(
    (await post(gateway, `{"update_id":1,"message":{"text":"${'x'.repeat(1024 * 1024)}"}}`)).status,
  ).toBe(413)
  expect(await stored()).toEqual(before)
  expect((await post(gateway, update(1))).status).toBe(200)
  expect((await post(gateway, update(1))).status).toBe(200)
  expect(await stack.redis.redis.llen(`${stack.redis.prefix}:{s0}:in:${BOT}:5:`)).toBe(1)
})

test('every service tells whether it is alive, ready, and what it measures', async () => {
  const stack = await openStack({ environment: WEBHOOK_ENVIRONMENT })
  for (const name of ['gateway', 'worker', 'sender', 'monitor'] as const) {
    const address = await (await stack.start(name)).address
    expect((await fetch(`${address}/healthz`)).status).toBe(200)
    await until(async () => (await fetch(`${address}/readyz`)).status === 200)
    const metrics = await fetch(`${address}/metrics`)
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    expect(await metrics.text()).toContain('chatlane_process_cpu_user_seconds_total')
  }
})

async function startOwnRedis(args: string[]) {
  const server = await startRedisServer({ args })
  const redis = new Redis(server.url)
  onTestFinished(async () => {
    redis.disconnect()
    await server.stop()
  })
  const gateway = startServiceProcess('gateway', {
    REDIS_URL: server.url,
    TELEGRAM_BOT_TOKEN: TOKEN,
    GATEWAY_PORT: '0',
    ...WEBHOOK_ENVIRONMENT,
  })
  onTestFinished(() => gateway.kill())
  return { server, redis, gateway }
}

test('a Redis that may evict keys is refused with one line', async () => {
  const { gateway } = await startOwnRedis(['--maxmemory-policy', 'allkeys-lru'])
  expect(await gateway.ended).toBe(1)
  expect(gateway.lines).toEqual([expect.stringContaining('noeviction')])
})

test('while Redis is frozen updates are answered 503 with Retry-After, and taken when it is back', async () => {
  const { redis, gateway } = await startOwnRedis([])
  await gateway.address
  expect((await post(gateway, update(1))).status).toBe(200)
  const pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1])
  process.kill(pid, 'SIGSTOP')
  onTestFinished(() => void process.kill(pid, 'SIGCONT'))
  const away = await post(gateway, update(2))
  expect(away.status).toBe(503)
  expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0)
  process.kill(pid, 'SIGCONT')
  await until(async () => (await post(gateway, update(3))).status === 200)
  expect(await redis.llen(`chatlane:{s0}:in:${BOT}:5:`)).toBeGreaterThanOrEqual(2)
})

test('a Redis that is nearly full takes no new update, still knows the old ones, and what waits drains', async () => {
  const { redis, gateway } = await startOwnRedis(['--maxmemory', '20mb'])
  await gateway.address
  expect((await post(gateway, update(1))).status).toBe(200)
  const usedShare = async () =>
    Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]) / (20 * 1024 * 1024)
  while ((await usedShare()) < 0.85) await redis.rpush('ballast', 'x'.repeat(64 * 1024))
  let next = 100
  await until(async () => (await post(gateway, update(next++))).status === 503)
  const stored = await redis.llen(`chatlane:{s0}:in:${BOT}:5:`)
  expect((await post(gateway, update(next))).status).toBe(503)
  expect((await post(gateway, update(1))).status).toBe(200)
  expect(await redis.llen(`chatlane:{s0}:in:${BOT}:5:`)).toBe(stored)
  await redis.del('ballast')
  await until(async () => (await post(gateway, update(next))).status === 200)
})

test('every missing or malformed setting is a line of its own, and the exit code is 1', async () => {
  const gateway = startServiceProcess('gateway', {
    TELEGRAM_BOT_TOKEN: 'not-a-token',
    GATEWAY_PORT: '99999',
    UPDATES: 'carrier pigeon',
  })
  expect(await gateway.ended).toBe(1)
  expect(gateway.lines.map((line) => line.split(':')[0]).toSorted()).toEqual([
    'GATEWAY_PORT',
    'TELEGRAM_BOT_TOKEN',
    'UPDATES',
  ])
  expect(gateway.lines.join()).not.toContain('not-a-token')
  expect(gateway.lines).toContain('UPDATES: found "carrier pigeon", expected webhook or polling')
})

test('however many gateways start together, the webhook is registered once', async () => {
  const stack = await openStack({ environment: { PUBLIC_URL: 'http://127.0.0.1:1' } })
  const registered = stack.telegram.waitFor((event) => event.type === 'webhook', 30_000)
  await Promise.all([1, 2, 3].map(() => stack.start('gateway')))
  await registered
  const key = `${stack.redis.prefix}:{b${BOT}}:webhook`
  await until(() => stack.redis.redis.get(key))
  // The others find the registration: each has asked once whether it is still there.
  await stack.telegram.waitUntil(
    () => (stack.telegram.ledger().bots[0]?.calls.getWebhookInfo ?? 0) >= 2,
    30_000,
  )
  expect(stack.telegram.ledger().bots[0]?.calls.setWebhook).toBe(1)
})

test('one gateway polls at a time, and another takes over when it dies', async () => {
  const stack = await openStack({})
  stack.telegram.phone.createUser({ id: 5 })
  const [first] = await Promise.all([stack.start('gateway'), stack.start('gateway')])
  const acknowledged = (id: number | undefined) =>
    stack.telegram.waitFor((event) => event.type === 'acknowledge' && event.updateId === id, 30_000)
  const said = () => {
    const made = stack.telegram.waitFor((event) => event.type === 'update')
    stack.telegram.phone.sendText({ from: 5, text: 'hi' })
    return made.then((event) => (event.type === 'update' ? event.update.update_id : undefined))
  }
  await acknowledged(await said())
  await first?.kill()
  await acknowledged(await said())
  await until(async () => (await stack.redis.redis.llen(`${stack.redis.prefix}:{s0}:in:${BOT}:5:`)) === 2)
})
