import { createKeys } from '@chatlane/lanes'
import type { RequestRecord } from '@chatlane/simulators'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { saidInLongTalk } from '../long-talk.ts'
import { openStack, TOKEN } from './stack.ts'

const ANNA = 11
/** A model that sees, with a small window. */
const MODEL = 'google/gemini-2.5-flash-image'
/** A model with a window that is full at once. */
const SMALL = 'undi95/remm-slerp-l2-13b'
const WINDOW_TOKENS = 32_768
const BYTES_PER_TOKEN = 3.5
const QUESTIONS = 250
const JPEG = Buffer.from('\xff\xd8\xff\xe0a picture', 'latin1')
const FACTS = ['Запомни: кодовое название — «Тихая гавань».', 'Remember that the flat has the number 4711.']
/** How a request for a summary ends. */
const END = 'the messages end here'

const textOf = (content: unknown): string =>
  typeof content === 'string' ? content : JSON.stringify(content ?? '')
const isSummary = ({ messages }: Pick<RequestRecord, 'messages'>) =>
  textOf(messages.at(-1)?.content).includes(END)
const isAborted = ({ state }: RequestRecord) => state === 'aborted'
const questionsIn = (text: string) => Array.from(text.matchAll(/question (\d+):/g), ([, nth]) => Number(nth))

/** A model that answers at some length, and whose notes hold what was to be remembered. */
function answerTo(messages: RequestRecord['messages']): string {
  const asked = textOf(messages.at(-1)?.content)
  if (!asked.includes(END)) return `Answer to ${questionsIn(asked).at(-1)}. ${saidInLongTalk(asked.length)}`
  const facts = asked.split('\n').flatMap((line) => FACTS.filter((fact) => line.includes(fact)))
  return [...new Set(facts), 'They spoke of queues and workers.'].join('\n')
}

async function openLongTalk(model = MODEL) {
  const stack = await openStack({
    environment: {
      MERGE_WINDOW_MS: '0',
      STREAMING: 'off',
      SYSTEM_PROMPT: 'Be brief.',
      OPENROUTER_MODEL: model,
      OPENROUTER_FALLBACK_MODELS: '',
      CONTEXT_MAX_TOKENS: '1000000',
      TELEGRAM_LIMIT_CHAT_PER_SECOND: '30',
    },
    // It counts some more than is thought of a model that nobody knows.
    model: {
      answers: ({ messages }) => answerTo(messages),
      bytesPerToken: BYTES_PER_TOKEN,
      firstTokenMs: [1, 2],
      totalMs: [2, 4],
    },
  })
  const { telegram } = stack
  telegram.phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
  await Promise.all([stack.start('gateway'), stack.start('sender')])
  const [monitor] = await Promise.all([stack.start('monitor'), stack.start('worker'), stack.start('worker')])
  const newestReply = () => telegram.messages(ANNA).findLast(({ by }) => by === 'bot')?.message
  return {
    ...stack,
    monitor: await monitor.address,
    summaries: () => stack.model.requests().filter(isSummary),
    answers: () => stack.model.requests().filter((request) => !isSummary(request)),
    /** Says something and waits for the reply. */
    async say(send: () => unknown): Promise<string> {
      const before = newestReply()?.message_id ?? 0
      send()
      const reply = await telegram.waitUntil(() => {
        const newest = newestReply()
        return newest && newest.message_id > before ? newest : undefined
      }, 60_000)
      return reply?.text ?? ''
    },
    text: (text: string) => () => telegram.phone.sendText({ from: ANNA, text }),
  }
}

const question = (nth: number) => `question ${nth}: ${FACTS[nth] ?? ''} ${saidInLongTalk(nth)}`

test('500 messages of Russian, English, code and pictures never go over the window, and nobody forgets what was said first', async () => {
  const { redis, telegram, model, running, start, say, text, summaries, answers } = await openLongTalk()
  const ask = (nth: number) => () =>
    nth % 25 === 24
      ? telegram.phone.sendFile({ from: ANNA, kind: 'photo', bytes: JPEG, caption: question(nth) })
      : telegram.phone.sendText({ from: ANNA, text: question(nth) })
  // The first summary does not come to its end: its worker is killed over it.
  model.faults.add({ kind: 'hang', at: 'text', afterChunks: 1, containing: END, times: 1 })
  const lane = { botId: TOKEN.split(':')[0] ?? '', homeId: String(ANNA), place: '' }
  const summing = createKeys({ prefix: redis.prefix, shards: 1 }).ofLane(lane, 'summing')
  let hasDied = false
  for (let nth = 0; nth < QUESTIONS; nth++) {
    await say(ask(nth))
    const first = summaries()[0]
    if (hasDied || first?.state !== 'running') continue
    const worker = running().find(({ name }) => name === 'worker')
    await worker?.kill()
    await start('worker')
    await say(text('/help'))
    hasDied = isAborted(first)
    // Whoever is killed over a summary holds its lane's next one for some seconds.
    if (hasDied) await until(async () => (await redis.redis.exists(summing)) === 0)
  }
  expect(hasDied).toBe(true)
  await until(() => summaries().every(({ state }) => state !== 'running'))
  const told = await say(text('/context'))
  await say(ask(QUESTIONS))

  const asked = model.requests()
  expect(asked.filter(({ state }) => state !== 'finished')).toHaveLength(1)
  for (const { usage, maxTokens = 0 } of asked) {
    expect((usage?.promptTokens ?? 0) + maxTokens).toBeLessThanOrEqual(WINDOW_TOKENS)
  }
  // Every summary but the first stands on the one before, and what none stands for is in the newest prompt.
  const made = summaries().filter(({ state }) => state === 'finished')
  expect(made.length).toBeGreaterThan(1)
  for (const { messages } of made)
    for (const fact of FACTS) expect(textOf(messages[1]?.content)).toContain(fact)
  const newest = answers().at(-1)
  const [, notes] = newest?.messages ?? []
  expect(notes?.role).toBe('system')
  for (const fact of FACTS) expect(textOf(notes?.content)).toContain(fact)
  const covered = [...made, newest].flatMap((request) =>
    questionsIn(request?.messages.map(({ content }) => textOf(content)).join('\n') ?? ''),
  )
  expect(new Set(covered).size).toBe(QUESTIONS + 1)
  // What is estimated is what the model counts.
  const used = Number(/about ([\d,]+) of/.exec(told)?.[1]?.replaceAll(',', ''))
  const counted = (newest?.usage?.promptTokens ?? 0) - Math.ceil(question(QUESTIONS).length / BYTES_PER_TOKEN)
  expect(Math.abs(used / counted - 1)).toBeLessThan(0.05)
}, 300_000)

test('a summary that is still being made when the conversation begins anew is of no use to anybody', async () => {
  const { model, monitor, say, text, summaries, answers } = await openLongTalk(SMALL)
  model.faults.add({ kind: 'hang', at: 'text', afterChunks: 1, containing: END, times: 1 })
  for (let nth = 0; summaries().length === 0; nth++) await say(text(question(nth)))
  await say(text('/new'))
  await say(text('Who are you?'))
  model.release()
  await until(async () => {
    const metrics = await (await fetch(`${monitor}/metrics`)).text()
    return /^chatlane_summaries_total\{bot="7001",outcome="outdated"\} 1$/m.test(metrics)
  })
  expect(summaries().map(({ state }) => state)).toEqual(['finished'])
  await say(text('And who am I?'))
  const [system, ...talk] = answers().at(-1)?.messages ?? []
  expect(system?.content).toBe('Be brief.')
  expect(talk.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
  expect(await say(text('/context'))).not.toContain('summary')
}, 120_000)

test('a worker that stops breaks a summary off, and whoever answers next makes it', async () => {
  const { model, running, start, say, text, summaries, answers } = await openLongTalk(SMALL)
  model.faults.add({ kind: 'hang', at: 'text', afterChunks: 1, containing: END, times: 1 })
  for (let nth = 0; summaries().length === 0; nth++) await say(text(question(nth)))
  for (const worker of running().filter(({ name }) => name === 'worker')) {
    expect(await worker.stop()).toBe(0)
    await start('worker')
    await say(text('/help'))
    if (summaries()[0]?.state === 'aborted') break
  }
  await say(text('And who am I?'))
  await until(() => summaries()[1]?.state === 'finished')
  await say(text('What was the number?'))
  expect(summaries().map(({ state }) => state)).toEqual(['aborted', 'finished'])
  const notes = answers().at(-1)?.messages[1]
  expect(notes?.role).toBe('system')
  expect(textOf(notes?.content)).toContain(FACTS[1])
  expect(await say(text('/context'))).toMatch(/Earlier messages, kept as a summary: \d+/)
}, 120_000)
