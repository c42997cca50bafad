import { readdirSync, readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { openDoor } from './door.ts'
import { openStack, type Stack } from './stack.ts'
import { WEBHOOK_SECRET } from './webhook.ts'

const ANNA = 11
/** What nobody but those whom it is meant for may ever see. */
const CANARIES = {
  token: '7001:AAcanary-token-c8f2d1',
  key: 'sk-or-v1-canary-key-77ab30',
  'webhook secret': WEBHOOK_SECRET,
  password: 'canary-password-51e09c',
  text: 'canary-text-4d4b7e',
  caption: 'canary-caption-b0a6c3',
  'file name': 'canary-file-9e21f5.txt',
  'file text': 'canary-content-e83d44',
  'system prompt': 'canary-prompt-1c90aa',
}
const MONITOR_HEADERS = {
  authorization: `Basic ${Buffer.from(`admin:${CANARIES.password}`).toString('base64')}`,
}

test('no token, key, password, text or file name is in logs, jobs, metrics, answers, error pages or the process list', async () => {
  const stack = await openStack({
    environment: {
      TELEGRAM_BOT_TOKEN: CANARIES.token,
      OPENROUTER_API_KEY: CANARIES.key,
      MONITOR_PASSWORD: CANARIES.password,
      MONITOR_WRITE: 'true',
      SYSTEM_PROMPT: CANARIES['system prompt'],
      MERGE_WINDOW_MS: '0',
      LOG_LEVEL: 'debug',
    },
    telegram: { bots: [{ token: CANARIES.token, username: 'lane_bot', firstName: 'Lane' }] },
    model: { apiKeys: [CANARIES.key] },
  })
  const { telegram, model } = stack
  telegram.phone.createUser({ id: ANNA, languageCode: 'en' })
  const [door, monitor] = await Promise.all([
    openDoor(stack, { UPDATES: 'polling' }),
    stack.start('monitor'),
    stack.start('worker'),
    stack.start('sender'),
  ])
  const services = new Set(stack.running())
  await talkThroughTroubles(stack)
  for (const service of stack.running()) services.add(service)
  const places: Record<string, string> = {}
  for (const { name, lines, child } of services) places[`log of the ${name} ${child.pid}`] = lines.join('\n')
  for (const service of stack.running()) places[`metrics of the ${service.name}`] = await metricsOf(service)
  places.jobs = await readJobs(stack.redis.redis, stack.redis.prefix)
  Object.assign(places, await readAnswers({ gateway: await door.gateway.address, door: door.url }))
  Object.assign(places, await readMonitor(await monitor.address))
  places['process list'] = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLineOf)
    .join('\n')

  for (const place of Object.keys(places)) expect(places[place], `nothing was read: ${place}`).not.toBe('')
  const leaks = Object.entries(places).flatMap(([place, found]) =>
    Object.entries(CANARIES).flatMap(([what, canary]) =>
      found.includes(canary) ? [`${what}: ${place}`] : [],
    ),
  )
  expect(leaks).toEqual([])
  // Where they are meant to be, they are.
  expect(JSON.stringify(model.requests())).toContain(CANARIES['file text'])
}, 120_000)

/** Everything that is logged about: answers, faults of Telegram and the model, a dead letter, a dead worker. */
async function talkThroughTroubles(stack: Stack): Promise<void> {
  const { telegram, model } = stack
  const { phone } = telegram
  const replies = () => telegram.messages(ANNA).filter(({ by }) => by === 'bot')
  const answered = async (count: number) => {
    await telegram.waitUntil(() => replies().length >= count, 40_000)
  }
  // A worker that can't learn who its bot is can't answer anything: this becomes a dead letter.
  const fault = telegram.addFault({ kind: 'server-error', method: 'getMe', times: 1000 })
  phone.sendText({ from: ANNA, text: CANARIES.text })
  await answered(1)
  telegram.removeFault(fault)
  phone.sendFile({
    from: ANNA,
    kind: 'document',
    bytes: Buffer.from(CANARIES['file text']),
    fileName: CANARIES['file name'],
    caption: CANARIES.caption,
  })
  await answered(2)
  // What OpenRouter says of a request may repeat it.
  const message = `no: ${CANARIES.text}, with ${CANARIES.key}`
  for (const status of [400, 401, 403, 500])
    model.faults.add({ kind: 'http', status, error: { message, metadata: { raw: message } }, times: 3 })
  for (let n = 3; n <= 6; n++) {
    phone.sendText({ from: ANNA, text: CANARIES.text })
    await answered(n)
  }
  model.faults.clear()
  const description = `Bad Request: ${CANARIES.text}`
  telegram.addFault({ kind: 'refuse', method: 'sendMessage', description, times: 1 })
  phone.sendText({ from: ANNA, text: `${CANARIES.text} again` })
  telegram.addFault({ kind: 'hang-up', method: 'sendMessage', after: true, times: 1 })
  phone.sendText({ from: ANNA, text: `${CANARIES.text} again` })
  await answered(7)
  const [worker] = stack.running().filter(({ name }) => name === 'worker')
  await worker?.kill()
  phone.sendText({ from: ANNA, text: CANARIES.text })
  await stack.start('worker')
  await answered(8)
}

async function metricsOf(service: { address: Promise<string> }): Promise<string> {
  const answer = await fetch(`${await service.address}/metrics`, { headers: MONITOR_HEADERS })
  return answer.text()
}

/** All that is in BullMQ's queues: jobs, their logs and events, what workers say of themselves. */
async function readJobs(redis: Redis, prefix: string): Promise<string> {
  const queues = /:(inbox|queries|outbox|broadcasts|dead-letters|schedules)(:|$)/
  const keys = (await redis.keys(`${prefix}:*`)).filter((key) => queues.test(key))
  const values = keys.map(async (key) => {
    const type = await redis.type(key)
    if (type === 'hash') return redis.hgetall(key)
    if (type === 'list') return redis.lrange(key, 0, -1)
    if (type === 'zset') return redis.zrange(key, '0', '-1')
    if (type === 'set') return redis.smembers(key)
    if (type === 'stream') return redis.xrange(key, '-', '+')
    return redis.get(key)
  })
  return JSON.stringify([keys, await Promise.all(values)])
}

/** What the gateway says to those who may not ask, or ask wrongly. */
async function readAnswers(at: { gateway: string; door: string }): Promise<Record<string, string>> {
  const body = JSON.stringify({ update_id: 'no number', text: CANARIES.text })
  const headers = { 'x-telegram-bot-api-secret-token': WEBHOOK_SECRET }
  const asked: [string, string, RequestInit][] = [
    ['no secret', `${at.gateway}/telegram/7001`, { body }],
    ['no bot', `${at.gateway}/telegram/1`, { body, headers }],
    ['no update', `${at.gateway}/telegram/7001`, { body, headers }],
    ['no JSON', `${at.gateway}/telegram/7001`, { body: CANARIES.text, headers }],
    ['too much', `${at.gateway}/telegram/7001`, { body: CANARIES.text.repeat(100_000), headers }],
    ['no page', `${at.gateway}/${CANARIES.token.slice(0, 4)}`, { body }],
    ['no token', `${at.door}/bot7001:wrong/sendMessage`, { body }],
    ['no method', `${at.door}/bot${CANARIES.token}/noSuchMethod`, { body }],
    ['no parameters', `${at.door}/bot${CANARIES.token}/sendMessage`, { body: CANARIES.text }],
  ]
  const read = asked.map(async ([what, url, options]) => {
    const answer = await fetch(url, { method: 'POST', ...options })
    const said = JSON.stringify([answer.status, [...answer.headers], await answer.text()])
    return [`answer to ${what}`, said] as const
  })
  return Object.fromEntries(await Promise.all(read))
}

/** The monitor's pages, with every queue, and its refusals. */
async function readMonitor(monitor: string): Promise<Record<string, string>> {
  const get = async (path: string, headers: Record<string, string> = MONITOR_HEADERS) => {
    const answer = await fetch(`${monitor}${path}`, { headers })
    return JSON.stringify([answer.status, [...answer.headers], await answer.text()])
  }
  const pages: Record<string, string> = {
    'page of the monitor': await get('/'),
    'refusal of the monitor': await get('/', {}),
    'missing page of the monitor': await get('/no/such/page'),
  }
  for (const queue of ['inbox', 'queries', 'outbox', 'broadcasts', 'dead-letters'])
    for (const status of ['latest', 'failed', 'completed'])
      pages[`${queue} in Bull Board, ${status}`] = await get(
        `/api/queues?activeQueue=${queue}&status=${status}`,
      )
  expect(pages['dead-letters in Bull Board, failed']).toContain('given up after')
  return pages
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    // It has ended meanwhile.
    return ''
  }
}
