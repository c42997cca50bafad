import { readTally } from '@chatlane/runtime'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { longAnswer, pagesOf } from './long-answers.ts'
import { atRest } from './rest.ts'
import type { ServiceName, ServiceProcess } from './service-process.ts'
import { buttonsIn, recordShown, standing } from './shown.ts'
import { openStack, type Stack } from './stack.ts'

const UNITS = 2000
const FIRST_USER = 1001
const question = (id: number) => `question of ${id}`
const usersOf = (count: number) => Array.from({ length: count }, (_, i) => FIRST_USER + i)

async function openCrowd(options: { chats: number; replyMs: number; answerDelayMs: [number, number] }) {
  const stack = await openStack({
    environment: {
      MERGE_WINDOW_MS: '0',
      TELEGRAM_LIMIT_PER_SECOND: '100',
      WORKER_CONCURRENCY: String(options.chats),
    },
    telegram: {
      limits: { botPerSecond: 100, enforce: true },
      answerDelayMs: options.answerDelayMs,
      keepEdits: 200,
    },
    model: {
      answers: longAnswer(UNITS),
      firstTokenMs: [100, 400],
      totalMs: [options.replyMs, options.replyMs * 1.3],
      keepRequests: 10_000,
    },
  })
  const users = usersOf(options.chats)
  for (const id of users) stack.telegram.phone.createUser({ id, languageCode: 'en' })
  return { stack, users, shown: recordShown(stack) }
}

/** The final texts of a user's reply. */
const finalOf = (id: number) => pagesOf(question(id), UNITS).map(({ text }) => text)

/** Resolves when everyone's whole reply stands without a button. */
async function everyoneAnswered(stack: Stack, users: readonly number[], withinMs: number): Promise<void> {
  const open = new Set(users)
  await stack.telegram.waitUntil(() => {
    for (const id of open) {
      const there = standing(stack, id)
      if (!finalOf(id).every((text) => there.includes(text))) return false
      open.delete(id)
    }
    return true
  }, withinMs)
}

/** Messages of the bot beyond one whole reply: `repeated` are whole pages, `left` is anything else. */
function beyond(stack: Stack, id: number): { repeated: number; left: string[] } {
  const finals = finalOf(id)
  const there = standing(stack, id)
  const left = there.filter((text) => !finals.includes(text))
  return { repeated: there.length - left.length - finals.length, left }
}

const repeatsCounted = async (stack: Stack) =>
  (await readTally(stack.redis.redis, [`${stack.redis.prefix}:{s0}:tally`])).get(
    'chatlane_deliveries_repeated_total{bot="7001"}',
  ) ?? 0

test('with 429s, hang-ups and slow answers every reply stands once, or is repeated as often as is counted, and no flood wait is cut short', async () => {
  const { stack, users, shown } = await openCrowd({ chats: 60, replyMs: 15_000, answerDelayMs: [10, 200] })
  const { telegram } = stack
  telegram.addFault({ kind: 'flood', probability: 0.02, retryAfterSeconds: 3 })
  telegram.addFault({ kind: 'flood-html', probability: 0.005 })
  telegram.addFault({ kind: 'hang-up', probability: 0.01 })
  telegram.addFault({ kind: 'hang-up', method: 'sendMessage', after: true, probability: 0.08 })
  telegram.addFault({ kind: 'hang-up', method: 'editMessageText', after: true, probability: 0.02 })
  telegram.addFault({ kind: 'delay', probability: 0.02, delayMs: 3500 })
  telegram.addFault({ kind: 'server-error', probability: 0.01 })
  const frozen = new Map<number, { fromMs: number; untilMs: number }>()
  const early: string[] = []
  let unheardSends = 0
  telegram.on('call', (event) => {
    if (event.chatId === undefined || event.method === 'sendChatAction') return
    const { fromMs, untilMs } = frozen.get(event.chatId) ?? { fromMs: 0, untilMs: 0 }
    // A call that came before the 429 was answered may be answered after it.
    const isEarly = fromMs <= event.arrivedAtMs && event.arrivedAtMs < untilMs
    if (isEarly) early.push(`${event.chatId}: ${event.method}, ${untilMs - event.arrivedAtMs} ms early`)
    if (event.status === 429) {
      const waitMs = event.fault === 'flood' ? 3000 : 0
      frozen.set(event.chatId, { fromMs: event.atMs, untilMs: event.atMs + waitMs })
    }
    // Hung up by the fault, or by a sender that this busy machine kept from reading in time.
    if (event.method === 'sendMessage' && event.status === 0) unheardSends++
  })
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  for (const id of users) telegram.phone.sendText({ from: id, text: question(id) })
  await everyoneAnswered(stack, users, 200_000)
  telegram.removeFault()
  await telegram.waitUntil(
    () => users.every((id) => buttonsLeft(stack, id) <= beyond(stack, id).left.length),
    60_000,
  )
  // A last page whose answer was lost stands already, and is repeated once its outcome can't change any more.
  await atRest(stack.redis)

  expect(early).toEqual([])
  const extra = users.map((id) => beyond(stack, id))
  const surplus = extra.reduce((sum, { repeated, left }) => sum + repeated + left.length, 0)
  // What hung up before it was applied is repeated as well: nobody can tell.
  expect(await repeatsCounted(stack)).toBe(unheardSends)
  expect(surplus).toBeLessThanOrEqual(unheardSends)
  expect(users.filter((id) => shown(id).length > 3).length).toBeGreaterThan(users.length / 2)
}, 300_000)

const KILLS = 25

test('workers and senders are killed 50 times in mid-stream: no half-written reply but what may have been posted unseen, no flip', async () => {
  const { stack, users, shown } = await openCrowd({ chats: 60, replyMs: 12_000, answerDelayMs: [5, 40] })
  const { telegram } = stack
  const slots: Partial<Record<ServiceName, ServiceProcess[]>> = {
    worker: await Promise.all([1, 2, 3].map(() => stack.start('worker'))),
    sender: await Promise.all([1, 2].map(() => stack.start('sender'))),
  }
  await stack.start('gateway')
  const isOver = { now: false }
  // Everyone asks again as soon as the last answer stands, so that there is always something in mid-stream.
  const rounds = new Map<number, number>()
  const ask = async (id: number) => {
    for (let round = 1; !isOver.now; round++) {
      rounds.set(id, round)
      telegram.phone.sendText({ from: id, text: `${question(id)}, round ${round}` })
      const last = pagesOf(`${question(id)}, round ${round}`, UNITS).at(-1)?.text ?? ''
      await telegram.waitUntil(() => standing(stack, id).includes(last), 180_000)
    }
  }
  const asking = Promise.all(users.map(ask))
  for (let kill = 0; kill < KILLS; kill++) {
    await killInMidStream(stack, 'worker', slots.worker ?? [])
    await killInMidStream(stack, 'sender', slots.sender ?? [])
  }
  isOver.now = true
  await asking

  const surplus: string[] = []
  for (const id of users) {
    const expected = Array.from({ length: rounds.get(id) ?? 0 }, (_, n) =>
      pagesOf(`${question(id)}, round ${n + 1}`, UNITS).map(({ text }) => text),
    ).flat()
    const there = standing(stack, id)
    for (const text of there) {
      const at = expected.indexOf(text)
      if (at >= 0) expected.splice(at, 1)
      else surplus.push(`${id}: ${text.slice(0, 60)}`)
    }
    expect(expected).toEqual([])
    for (const messageId of new Set(shown(id).map((moment) => moment.messageId)))
      expect(shrinkings(shown(id).filter((moment) => moment.messageId === messageId))).toEqual([])
  }
  // A preview that a dying sender may have posted can't be found again; its reply counts as repeated.
  expect(surplus.length).toBeLessThanOrEqual(await repeatsCounted(stack))
  expect(surplus.length).toBeLessThanOrEqual(KILLS)
  const [ledger] = telegram.ledger().bots
  expect(ledger?.floods).toBe(0)
}, 600_000)

/** Moments in which a message in the making said less than before, or something else. */
function shrinkings(moments: readonly { text: string; buttons: string[] }[]): string[] {
  return moments.slice(1).flatMap(({ text, buttons }, index) => {
    const before = moments[index]?.text ?? ''
    const isGrown = buttons.length === 0 || text.length >= before.length
    return isGrown ? [] : [`${before.slice(-40)} → ${text.slice(-40)}`]
  })
}

function buttonsLeft(stack: Stack, id: number): number {
  return buttonsIn(stack, id).length
}

const HOLDS: Partial<Record<ServiceName, string>> = {
  worker: 'chatlane_worker_turns',
  sender: 'chatlane_sender_calls',
}

async function killInMidStream(stack: Stack, name: ServiceName, slots: ServiceProcess[]): Promise<void> {
  const busy = await until(async () => {
    for (const service of slots) if ((await holds(service)) > 0) return service
    return undefined
  })
  await busy.kill()
  slots[slots.indexOf(busy)] = await stack.start(name)
  // The next one dies in the middle of something, too.
  const shownNow = stack.telegram.ledger().bots[0]?.sends.edited ?? 0
  await stack.telegram.waitUntil(
    () => (stack.telegram.ledger().bots[0]?.sends.edited ?? 0) > shownNow + 60,
    60_000,
  )
}

async function holds(service: ServiceProcess): Promise<number> {
  const metrics = await fetch(`${await service.address}/metrics`).then((answer) => answer.text())
  return Number(new RegExp(`^${HOLDS[service.name]} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0)
}
