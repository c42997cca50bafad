import { readTally } from '@chatlane/runtime'
import { FAULT_PRESETS, type OpenRouterFault } from '@chatlane/simulators'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { API_KEY, openStack, type Stack, TOKEN } from './stack.ts'

const ANNA = 11
const BORIS = 12

async function openFaulty() {
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0', OPENROUTER_IDLE_TIMEOUT_SECONDS: '0.5' },
  })
  stack.telegram.phone.createUser({ id: ANNA, languageCode: 'en' })
  stack.telegram.phone.createUser({ id: BORIS, languageCode: 'ru' })
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  return stack
}

const replies = (stack: Stack, chat: number) =>
  stack.telegram
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ message }) => message.text ?? '')

/** Its causes, as the metric names them, and a fault that has it. */
const FAULTS: [code: string, what: string, fault: OpenRouterFault, said: RegExp][] = [
  ['bad_key', 'a bad key', { preset: 'bad_key' }, /does not accept its key/],
  ['no_credits', 'no credits', { preset: 'no_credits' }, /no credits left/],
  ['key_limit', 'a key that is used up', { preset: 'key_limit' }, /limit of the bot's OpenRouter key/],
  ['budget_in_flight', 'a low balance', shortly('budget_in_flight'), /Too many requests at once/],
  ['rate_limited', 'the account’s own limit', shortly('rate_limited'), /Too many requests to the model/],
  ['rate_limited', 'a limit for a minute', shortly('rate_limited', 60), /Too many requests to the model/],
  ['model_gone', 'a model that is gone', { preset: 'model_gone' }, /no longer available/],
  ['moderated', 'a moderated prompt', { preset: 'moderated' }, /moderation/],
  ['moderated', 'a filtered answer', { kind: 'finish', reason: 'content_filter' }, /moderation/],
  ['context_too_long', 'too long a prompt', { preset: 'context_too_long' }, /too long for the model/],
  ['bad_request', 'a request that is not understood', { preset: 'bad_request' }, /did not accept/],
  ['provider_down', 'a provider that is down', { preset: 'bad_gateway' }, /not available right now/],
  ['provider_down', 'no provider at all', { preset: 'timeout' }, /not available right now/],
  ['upstream_rate_limited', 'an overloaded model', shortly('upstream_rate_limited'), /overloaded/],
  [
    'provider_down',
    'an error in the middle of the stream',
    { kind: 'error_chunk', error: { code: 502, message: 'x' }, afterChunks: 1 },
    /broke off here/,
  ],
  ['cut_off', 'a stream that just ends', { kind: 'end', afterChunks: 1 }, /broke off here/],
  ['broken_stream', 'a cut connection', { kind: 'cut', afterChunks: 1 }, /broke off here/],
  ['broken_stream', 'a stream that is none', { kind: 'malformed' }, /connection to the model broke/],
  ['unreachable', 'no connection', { kind: 'cut', beforeHeaders: true }, /OpenRouter is not available/],
  ['empty', 'an empty answer', { kind: 'empty' }, /empty answer/],
  ['hung', 'a model that hangs', { kind: 'hang', at: 'headers' }, /did not answer in time/],
]

/** A well-known fault whose wait is no longer than a test. */
function shortly(
  preset: 'budget_in_flight' | 'rate_limited' | 'upstream_rate_limited',
  seconds = 0.3,
): OpenRouterFault {
  return { ...FAULT_PRESETS[preset], retryAfterSeconds: seconds }
}

const DIARY = 'my diary of 1987'

test('every fault of the model becomes one clear message and one series, and the next message works', async () => {
  const stack = await openFaulty()
  let said = 0
  const answerTo = async (text: string) => {
    stack.telegram.phone.sendText({ from: ANNA, text })
    const nth = said++
    return stack.telegram.waitUntil(() => replies(stack, ANNA)[nth], 40_000)
  }
  for (const [, what, fault, expected] of FAULTS) {
    stack.model.faults.add(fault)
    const reply = await answerTo(`${DIARY}: now ${what}`)
    expect([what, reply]).toEqual([what, expect.stringMatching(expected)])
    expect(reply).not.toContain(API_KEY)
    stack.model.faults.clear()
    stack.model.release()
    if (what === 'a limit for a minute') await endRatePause(stack)
    expect([what, await answerTo('and now?')]).toEqual([what, expect.stringMatching(/[0-9a-f]{64}/)])
  }
  expect(replies(stack, ANNA)).toHaveLength(2 * FAULTS.length)
  const prompt = stack.model.requests().at(-1)?.messages ?? []
  expect(prompt.filter(({ role }) => role === 'assistant')).toHaveLength(FAULTS.length - 1)
  const codes = new Set(FAULTS.map(([code]) => code))
  await until(async () => (await countedFaults(stack)).size >= codes.size)
  expect(await countedFaults(stack)).toEqual(codes)
  const logged = stack
    .running()
    .flatMap((service) => service.lines)
    .join('\n')
  for (const secret of [API_KEY, DIARY, TOKEN]) expect(logged).not.toContain(secret)
}, 240_000)

async function countedFaults(stack: Stack): Promise<Set<string>> {
  const series = await readTally(stack.redis.redis, [`${stack.redis.prefix}:{s0}:tally`])
  const found = [...series.keys()].map((name) =>
    /^chatlane_openrouter_faults_total\{.*code="(\w+)"/.exec(name),
  )
  return new Set(found.flatMap((match) => match?.[1] ?? []))
}

/** The minute is over. */
async function endRatePause({ redis: { redis, prefix } }: Stack): Promise<void> {
  expect(await redis.del(`${prefix}:{s0}:breakers:pause`)).toBe(1)
}

test('a fault is told in the language of the chat', async () => {
  const stack = await openFaulty()
  stack.model.faults.add({ preset: 'no_credits' })
  stack.telegram.phone.sendText({ from: BORIS, text: 'привет' })
  expect(await stack.telegram.waitUntil(() => replies(stack, BORIS)[0], 30_000)).toContain(
    'закончились средства',
  )
})

test('a fault that passes is waited out without a word', async () => {
  const stack = await openFaulty()
  stack.model.faults.add({ preset: 'bad_gateway', times: 1 })
  stack.telegram.phone.sendText({ from: ANNA, text: 'hello' })
  expect(await stack.telegram.waitUntil(() => replies(stack, ANNA)[0], 30_000)).toMatch(/[0-9a-f]{64}/)
  expect(replies(stack, ANNA)).toHaveLength(1)
})

test('an answer that was cut at its longest length says so, and goes on when it is asked to', async () => {
  const stack = await openFaulty()
  stack.model.faults.add({ kind: 'finish', reason: 'length', afterChunks: 1, times: 1 })
  stack.telegram.phone.sendText({ from: ANNA, text: 'hello' })
  const cut = await stack.telegram.waitUntil(() => replies(stack, ANNA)[0], 30_000)
  expect(cut).toMatch(/^I was given 2 messages; sha256 of .*\n\nThe answer has reached its longest length\./s)
  stack.telegram.phone.sendText({ from: ANNA, text: 'go on' })
  await stack.telegram.waitUntil(() => replies(stack, ANNA)[1], 30_000)
  const [, said] = stack.model.requests().at(-1)?.messages.slice(1) ?? []
  expect(said?.content).toMatch(/^I was given 2 messages; sha256 of (?!.*longest length)/s)
})

test('a conversation that is too long for its model is answered with its newer half, without a word', async () => {
  const stack = await openFaulty()
  for (let n = 1; n <= 3; n++) {
    stack.telegram.phone.sendText({ from: ANNA, text: `message ${n}` })
    await stack.telegram.waitUntil(() => replies(stack, ANNA)[n - 1], 30_000)
  }
  stack.model.faults.add({ preset: 'context_too_long', times: 1 })
  stack.telegram.phone.sendText({ from: ANNA, text: 'one more' })
  expect(await stack.telegram.waitUntil(() => replies(stack, ANNA)[3], 30_000)).toMatch(/[0-9a-f]{64}/)
  const [long, short] = stack.model.requests().slice(-2)
  expect([long?.messages.length, short?.messages.length]).toEqual([8, 4])
  expect(short?.messages[0]).toEqual(long?.messages[0])
  expect(short?.messages.slice(1)).toEqual(long?.messages.slice(-3))
})

test('deliveries that Telegram refuses do not stop the lane', async () => {
  const stack = await openFaulty()
  stack.telegram.addFault({
    kind: 'refuse',
    method: 'sendMessage',
    code: 403,
    description: 'Forbidden: bot was blocked by the user',
  })
  stack.telegram.phone.sendText({ from: ANNA, text: 'one' })
  await until(() => (stack.telegram.ledger().bots[0]?.refusals['403'] ?? 0) === 1)
  stack.telegram.phone.sendText({ from: ANNA, text: 'two' })
  expect(await stack.telegram.waitUntil(() => replies(stack, ANNA)[0], 30_000)).toMatch(/[0-9a-f]{64}/)
})

test('a text whose entities Telegram refuses goes out plain', async () => {
  const stack = await openFaulty()
  stack.telegram.addFault({
    kind: 'refuse',
    method: 'sendMessage',
    code: 400,
    description: "Bad Request: can't parse entities: Can't find end of the entity",
  })
  stack.model.setAnswers(() => '**bold** text')
  stack.telegram.phone.sendText({ from: ANNA, text: 'one' })
  await stack.telegram.waitUntil(() => replies(stack, ANNA)[0], 30_000)
  const [sent] = stack.telegram.messages(ANNA).filter(({ by }) => by === 'bot')
  expect(sent?.message).toMatchObject({ text: 'bold text' })
  expect(sent?.message.entities ?? []).toEqual([])
})
