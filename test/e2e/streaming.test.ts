import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { longAnswer, pagesOf } from './long-answers.ts'
import { buttonsIn, recordShown, standing } from './shown.ts'
import { openStack, type Stack } from './stack.ts'

const ANNA = 11

/** A button once there is one. */
const firstButton = async (stack: Stack, chat: number) => {
  await stack.telegram.waitUntil(() => buttonsIn(stack, chat).length > 0, 30_000)
  const [button] = buttonsIn(stack, chat)
  if (!button) throw new Error('the button is gone')
  return button
}
const UNITS = 1500

async function openStreaming(
  options: { environment?: Record<string, string>; units?: number; totalMs?: number } = {},
) {
  const totalMs = options.totalMs ?? 6000
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0', ...options.environment },
    telegram: { limits: { enforce: true }, answerDelayMs: [20, 80] },
    model: {
      answers: longAnswer(options.units ?? UNITS),
      firstTokenMs: [100, 200],
      totalMs: [totalMs, totalMs],
    },
  })
  stack.telegram.phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  const shown = recordShown(stack)
  const ask = (text: string, chat?: number) =>
    stack.telegram.phone.sendText({ from: ANNA, text, ...(chat !== undefined && { chat }) })
  const finished = (question: string, units = UNITS) => {
    const texts = pagesOf(question, units).map(({ text }) => text)
    return stack.telegram.waitUntil(() => {
      const there = standing(stack, ANNA)
      return texts.every((text) => there.includes(text)) && buttonsIn(stack, ANNA).length === 0
    }, 30_000)
  }
  return { ...stack, stack, shown, ask, finished }
}

test('a reply grows in one message with a Stop button, and ends whole, formatted and without it', async () => {
  const { stack, ask, finished, shown, telegram } = await openStreaming()
  ask('question')
  await finished('question')
  const moments = shown(ANNA)
  const [page] = pagesOf('question', UNITS)
  expect(moments.length).toBeGreaterThanOrEqual(4)
  expect(moments.map(({ kind }) => kind)).toEqual(['posted', ...moments.slice(1).map(() => 'edited')])
  for (const moment of moments.slice(0, -1)) expect(moment.buttons).toEqual(['⏹ Stop'])
  for (const [index, moment] of moments.slice(1).entries())
    expect(moment.text.length).toBeGreaterThanOrEqual(moments[index]?.text.length ?? 0)
  expect(standing(stack, ANNA)).toEqual([page?.text])
  const [message] = telegram.messages(ANNA).filter(({ by }) => by === 'bot')
  expect(message?.message.entities).toEqual(page?.entities)
  expect(telegram.ledger().bots[0]?.floods).toBe(0)
}, 60_000)

test('an answer that is ready within a second is posted once, without a preview', async () => {
  const { ask, finished, shown } = await openStreaming({ totalMs: 500 })
  ask('quick')
  await finished('quick')
  expect(shown(ANNA).map(({ kind, buttons }) => [kind, buttons])).toEqual([['posted', []]])
})

test('a long reply rolls over into further messages while it streams', async () => {
  const units = 6000
  const { stack, ask, finished, shown } = await openStreaming({ units, totalMs: 12_000 })
  ask('long')
  await finished('long', units)
  expect(standing(stack, ANNA)).toEqual(pagesOf('long', units).map(({ text }) => text))
  const posted = shown(ANNA).filter(({ kind }) => kind === 'posted')
  expect(posted).toHaveLength(2)
  expect(posted[1]?.buttons).toEqual(['⏹ Stop'])
}, 60_000)

test('with STREAMING=off, and in a chat that chose so, only the reply is posted', async () => {
  const { stack, ask, finished, shown } = await openStreaming({
    environment: { STREAMING: 'off' },
    totalMs: 2500,
  })
  ask('unseen')
  await finished('unseen')
  expect(shown(ANNA)).toHaveLength(1)
  ask('/stream edit')
  await stack.telegram.waitUntil(() => shown(ANNA).length === 2)
  ask('seen')
  await finished('seen')
  expect(shown(ANNA).length).toBeGreaterThan(4)
}, 60_000)

test('drafts show the reply in a private chat and leave nothing but the reply', async () => {
  const { stack, ask, finished, shown, telegram } = await openStreaming({
    environment: { STREAMING: 'draft' },
  })
  const drafts: string[] = []
  telegram.on('draft', ({ text }) => drafts.push(text))
  ask('draft')
  await finished('draft')
  expect(drafts.length).toBeGreaterThanOrEqual(3)
  expect(drafts.toSorted((one, other) => one.length - other.length)).toEqual(drafts)
  expect(shown(ANNA)).toHaveLength(1)
  expect(standing(stack, ANNA)).toEqual(pagesOf('draft', UNITS).map(({ text }) => text))
}, 60_000)

test('the Stop button stops the model within a second and keeps what was said', async () => {
  const { stack, ask, model, telegram, shown } = await openStreaming({ totalMs: 20_000 })
  ask('endless')
  const button = await firstButton(stack, ANNA)
  await telegram.waitUntil(() => shown(ANNA).length >= 3, 20_000)
  const pressedAt = Date.now()
  telegram.phone.pressButton({ from: ANNA, messageId: button.messageId, data: button.data })
  await until(() => model.requests()[0]?.state === 'aborted')
  expect((model.requests()[0]?.endedAt ?? 0) - pressedAt).toBeLessThan(1000)
  await telegram.waitUntil(() => buttonsIn(stack, ANNA).length === 0)
  const [whole] = pagesOf('endless', UNITS)
  const [kept] = standing(stack, ANNA)
  expect(standing(stack, ANNA)).toHaveLength(1)
  expect(kept?.length).toBeGreaterThan(50)
  expect(whole?.text.startsWith(kept?.slice(0, 50) ?? '-')).toBe(true)
  await telegram.waitUntil(() => telegram.chat({ chat: ANNA }).answers.length === 1)
  ask('next')
  await telegram.waitUntil(() => model.requests().length === 2)
  expect(
    model
      .requests()[1]
      ?.messages.slice(-3)
      .map(({ role }) => role),
  ).toEqual(['user', 'assistant', 'user'])
}, 60_000)

test('/stop stops what runs and what waits, never what comes later', async () => {
  const { stack, ask, model, telegram } = await openStreaming({ totalMs: 20_000 })
  ask('first')
  await telegram.waitUntil(() => buttonsIn(stack, ANNA).length === 1, 20_000)
  ask('/stop')
  await until(() => model.requests()[0]?.state === 'aborted')
  await telegram.waitUntil(() => standing(stack, ANNA).length === 2)
  expect(standing(stack, ANNA)[1]).toMatch(/stopped/i)
  model.setSpeed({ totalMs: [1500, 1500] })
  ask('second')
  await telegram.waitUntil(
    () =>
      standing(stack, ANNA)[2] === pagesOf('second', UNITS)[0]?.text && buttonsIn(stack, ANNA).length === 0,
    20_000,
  )
  ask('/stop')
  await telegram.waitUntil(() => standing(stack, ANNA).length === 4)
  expect(standing(stack, ANNA)[3]).toMatch(/nothing/i)
}, 60_000)

test('in a group who asked and administrators stop an answer, nobody else', async () => {
  const { stack, model, telegram } = await openStreaming({ totalMs: 30_000 })
  const [boris, vera] = [12, 13]
  for (const id of [boris, vera]) telegram.phone.createUser({ id, languageCode: 'en' })
  const group = telegram.phone.createGroup({ members: [vera, ANNA, boris] }).id
  const askAndShow = async (nth: number) => {
    telegram.phone.sendText({ from: ANNA, chat: group, text: `@lane_bot question ${nth}` })
    return firstButton(stack, group)
  }
  const press = (from: number, { messageId, data }: { messageId: number; data: string }) =>
    telegram.phone.pressButton({ from, chat: group, messageId, data })
  const notices = () => telegram.chat({ chat: group }).answers.map(({ text }) => text ?? '')
  const first = await askAndShow(1)
  press(boris, first)
  await telegram.waitUntil(() => notices().length === 1)
  expect(notices()[0]).toMatch(/only/i)
  expect(model.requests()[0]?.state).toBe('running')
  press(ANNA, first)
  await until(() => model.requests()[0]?.state === 'aborted')
  await telegram.waitUntil(() => buttonsIn(stack, group).length === 0)
  const second = await askAndShow(2)
  press(vera, second)
  await until(() => model.requests()[1]?.state === 'aborted')
}, 90_000)

test('/retry answers the last message anew', async () => {
  const { stack, ask, model, telegram } = await openStreaming({ totalMs: 300 })
  ask('again')
  await telegram.waitUntil(() => standing(stack, ANNA).length === 1, 20_000)
  ask('/retry')
  await telegram.waitUntil(() => standing(stack, ANNA).length === 2, 20_000)
  const [first, second] = model.requests().map(({ messages }) => messages)
  expect(second).toEqual(first)
})

test('the reply comes also where its preview was deleted by its reader', async () => {
  const { stack, ask, telegram, shown } = await openStreaming({ totalMs: 8000 })
  ask('deleted')
  await telegram.waitUntil(() => shown(ANNA).length >= 2, 20_000)
  telegram.phone.deleteMessage({ from: ANNA, messageId: shown(ANNA)[0]?.messageId ?? 0 })
  const [page] = pagesOf('deleted', UNITS)
  await telegram.waitUntil(() => standing(stack, ANNA).join() === page?.text, 30_000)
  expect(buttonsIn(stack, ANNA)).toEqual([])
}, 60_000)

test('a 429 on a preview holds the reply for its time and no longer', async () => {
  const { stack, ask, finished, telegram, shown } = await openStreaming({ totalMs: 5000 })
  const retryAfterSeconds = 4
  telegram.addFault({ kind: 'flood', method: 'editMessageText', chatId: ANNA, skip: 1, retryAfterSeconds })
  const floods: number[] = []
  telegram.on('call', (event) => {
    if (event.status === 429) floods.push(event.atMs)
  })
  ask('flooded')
  await finished('flooded')
  expect(floods).toHaveLength(1)
  const next = shown(ANNA).find(({ atMs }) => atMs > (floods[0] ?? 0))
  expect((next?.atMs ?? 0) - (floods[0] ?? 0)).toBeGreaterThanOrEqual(retryAfterSeconds * 1000)
  expect(standing(stack, ANNA)).toHaveLength(1)
}, 60_000)

test("a draft's own stop stops the model and keeps what was said", async () => {
  const { stack, ask, model, telegram } = await openStreaming({
    environment: { STREAMING: 'draft' },
    totalMs: 20_000,
  })
  ask('endless draft')
  await telegram.waitFor((event) => event.type === 'draft' && event.text.length > 200, 30_000)
  telegram.phone.stopGeneration({ from: ANNA })
  await until(() => model.requests()[0]?.state === 'aborted')
  await telegram.waitUntil(() => standing(stack, ANNA).length === 1)
  const [whole] = pagesOf('endless draft', UNITS)
  expect(whole?.text.startsWith(standing(stack, ANNA)[0]?.slice(0, 100) ?? '-')).toBe(true)
}, 60_000)

test('a reply whose worker is stopped in mid-stream goes on in the same message, and never shrinks', async () => {
  const { stack, ask, finished, shown, telegram } = await openStreaming({ totalMs: 22_000 })
  ask('handed over')
  await telegram.waitUntil(() => shown(ANNA).length > 3, 30_000)
  const [worker] = stack.running().filter(({ name }) => name === 'worker')
  await stack.start('worker')
  expect(await worker?.stop()).toBe(0)
  await finished('handed over')
  const moments = shown(ANNA)
  expect(moments.map(({ kind }) => kind)).toEqual(['posted', ...moments.slice(1).map(() => 'edited')])
  for (const [index, moment] of moments.slice(1).entries())
    expect(moment.text.length).toBeGreaterThanOrEqual(moments[index]?.text.length ?? 0)
}, 120_000)
