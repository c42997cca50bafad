import { readTally } from '@chatlane/runtime'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { API_KEY, openStack, type Stack } from './stack.ts'

const MODEL = 'openai/gpt-4o-mini'
const FIRST_USER = 1001
const CHATS = Array.from({ length: 50 }, (_, n) => FIRST_USER + n)

async function openCrowd(environment: Record<string, string>) {
  const stack = await openStack({
    environment: {
      MERGE_WINDOW_MS: '0',
      STREAMING: 'off',
      TELEGRAM_LIMIT_PER_SECOND: '1000',
      ...environment,
    },
    telegram: { limits: { enforce: false } },
  })
  for (const id of CHATS) stack.telegram.phone.createUser({ id, languageCode: 'en' })
  const [one, two] = await Promise.all([stack.start('worker'), stack.start('worker')])
  await Promise.all([stack.start('gateway'), stack.start('sender')])
  return { stack, workers: [one, two] as const }
}

const repliesTo = (stack: Stack, chat: number) =>
  stack.telegram
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ message }) => message.text ?? '')

/** Everyone asks at once; the newest reply of each. */
async function askAll(stack: Stack): Promise<string[]> {
  const before = new Map(CHATS.map((id) => [id, repliesTo(stack, id).length]))
  for (const id of CHATS) stack.telegram.phone.sendText({ from: id, text: `question of ${id}` })
  await stack.telegram.waitUntil(
    () => CHATS.every((id) => repliesTo(stack, id).length > (before.get(id) ?? 0)),
    60_000,
  )
  return CHATS.map((id) => repliesTo(stack, id).at(-1) ?? '')
}

const guard = (stack: Stack, name: string) => `${stack.redis.prefix}:{s0}:${name}`
const linesOf = (stack: Stack) => stack.running().flatMap(({ lines }) => lines)

test.each([
  {
    what: 'the model',
    fault: { preset: 'bad_gateway' } as const,
    code: 'provider_down',
    subject: `model:${MODEL}`,
    said: 'The model is not available right now. Please try again in a minute.',
  },
  {
    what: 'all of OpenRouter',
    fault: { kind: 'cut', beforeHeaders: true } as const,
    code: 'unreachable',
    subject: 'account',
    said: 'OpenRouter is not available right now. Please try again in a minute.',
  },
])(
  'with $what down two workers ask a few times for 50 chats, tell each clearly, and answer by themselves once it is back',
  async ({ fault, code, subject, said }) => {
    const { stack } = await openCrowd({ OPENROUTER_BREAKER_FAULTS: '5' })
    const { redis } = stack.redis
    stack.model.faults.add(fault)
    stack.telegram.phone.sendText({ from: FIRST_USER, text: 'hello?' })
    stack.telegram.phone.sendText({ from: FIRST_USER + 1, text: 'hello?' })
    const isOpen = () => redis.zscore(guard(stack, 'breakers:open'), subject)
    await until(isOpen)
    await until(() => [0, 1].every((n) => repliesTo(stack, FIRST_USER + n).length === 1))
    const reached = stack.model.requests().length
    expect(reached).toBeLessThanOrEqual(6)

    const told = await askAll(stack)
    expect(new Set(told)).toEqual(new Set([said]))
    // Of 50 questions at most a probe came through.
    expect(stack.model.requests().length - reached).toBeLessThanOrEqual(1)
    const counted = (series: string) =>
      readTally(redis, [guard(stack, 'tally')]).then((all) => all.get(series) ?? 0)
    await until(async () => (await counted(`chatlane_openrouter_held_back_total{code="${code}"}`)) >= 49)
    const faults = `chatlane_openrouter_faults_total{bot="7001",model="${MODEL}",code="${code}"}`
    await until(async () => (await counted(faults)) === stack.model.requests().length)

    stack.model.faults.clear()
    await until(async () => {
      stack.telegram.phone.sendText({ from: FIRST_USER, text: 'and now?' })
      const count = repliesTo(stack, FIRST_USER).length
      return (await stack.telegram.waitUntil(() => repliesTo(stack, FIRST_USER)[count], 30_000))?.includes(
        'sha256',
      )
    })
    expect(await isOpen()).toBeNull()
    for (const answer of await askAll(stack)) expect(answer).toMatch(/[0-9a-f]{64}/)
    const changes = linesOf(stack).filter((line) => line.includes(`"subject":"${subject}"`))
    expect(changes).toHaveLength(2)
    expect(linesOf(stack).join('\n')).not.toContain(API_KEY)
  },
  180_000,
)

test('a fallback answers all chats while the wanted model hangs, and hardly anybody waits for it', async () => {
  const { stack } = await openCrowd({
    OPENROUTER_BREAKER_FAULTS: '3',
    OPENROUTER_FALLBACK_MODELS: 'openai/gpt-4o',
    OPENROUTER_IDLE_TIMEOUT_SECONDS: '1',
  })
  stack.model.faults.add({ kind: 'hang', at: 'comments', model: MODEL })
  for (let n = 0; n < 3; n++) stack.telegram.phone.sendText({ from: FIRST_USER + n, text: 'hello?' })
  await stack.telegram.waitUntil(
    () => [0, 1, 2].every((n) => repliesTo(stack, FIRST_USER + n).length === 1),
    60_000,
  )
  const before = stack.model.requests().length
  for (const answer of await askAll(stack)) expect(answer).toMatch(/[0-9a-f]{64}/)
  const after = stack.model.requests().slice(before)
  expect(after.filter(({ model }) => model === MODEL).length).toBeLessThanOrEqual(3)
  expect(
    after.filter(({ answeredBy, state }) => answeredBy === 'openai/gpt-4o' && state === 'finished'),
  ).toHaveLength(50)
}, 120_000)

test('no more requests than allowed are under way over two workers, though one is killed while it holds slots', async () => {
  const { stack, workers } = await openCrowd({ OPENROUTER_MAX_CONCURRENT: '4' })
  stack.model.setSpeed({ totalMs: [400, 700] })
  let most = 0
  stack.model.onEvent(() => {
    most = Math.max(most, stack.model.ledger().running)
  })
  const answered = askAll(stack)
  await until(() => stack.model.ledger().finished >= 10)
  expect(most).toBe(4)
  const [victim] = workers
  const turns = async () => {
    const metrics = await fetch(`${await victim.address}/metrics`).then((answer) => answer.text())
    return Number(/^chatlane_worker_turns (\d+)/m.exec(metrics)?.[1] ?? 0)
  }
  await until(async () => (await turns()) > 0 && stack.model.ledger().running === 4)
  await victim.kill()
  for (const answer of await answered) expect(answer).toMatch(/[0-9a-f]{64}/)
  expect(most).toBe(4)
  await until(async () => (await stack.redis.redis.zcard(guard(stack, 'slots:held'))) === 0)
  expect(await stack.redis.redis.zcard(guard(stack, 'slots:queue'))).toBe(0)
}, 120_000)

test('questions that wait for a slot keep no other chat waiting', async () => {
  const { stack, workers } = await openCrowd({ OPENROUTER_MAX_CONCURRENT: '1', WORKER_CONCURRENCY: '2' })
  await workers[1].kill()
  stack.model.faults.add({ kind: 'hang', at: 'headers' })
  for (let n = 0; n < 5; n++) stack.telegram.phone.sendText({ from: FIRST_USER + n, text: 'hello?' })
  await until(async () => (await stack.redis.redis.zcard(guard(stack, 'slots:queue'))) === 4)
  stack.telegram.phone.sendText({ from: FIRST_USER + 9, text: '/help' })
  const help = await stack.telegram.waitUntil(() => repliesTo(stack, FIRST_USER + 9)[0], 10_000)
  expect(help).toContain('/stop')
  expect(stack.model.requests()).toHaveLength(1)
}, 60_000)
