import { expect, test } from 'vitest'
import { longAnswer, pagesOf } from './long-answers.ts'
import { buttonsIn, recordShown, standing } from './shown.ts'
import { openStack } from './stack.ts'

const ANNA = 11
const UNITS = 1500

async function openStopping(totalMs: number) {
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0' },
    telegram: { answerDelayMs: [5, 20] },
    model: { answers: longAnswer(UNITS), firstTokenMs: [100, 200], totalMs: [totalMs, totalMs] },
  })
  const { telegram } = stack
  telegram.phone.createUser({ id: ANNA, languageCode: 'en' })
  const [gateway, worker] = await Promise.all([
    stack.start('gateway'),
    stack.start('worker'),
    stack.start('sender'),
  ])
  const press = () => {
    const [button] = buttonsIn(stack, ANNA)
    if (!button) throw new Error('there is no button')
    telegram.phone.pressButton({ from: ANNA, messageId: button.messageId, data: button.data })
  }
  const ask = (text: string) => telegram.phone.sendText({ from: ANNA, text })
  return { stack, gateway, worker, press, ask, telegram, model: stack.model, shown: recordShown(stack) }
}

test('a press that is heard of after the reply is finished does not take the reply away', async () => {
  const { stack, gateway, press, ask, telegram, model, shown } = await openStopping(5000)
  const textOf = (question: string) => pagesOf(question, UNITS)[0]?.text ?? ''
  const isWhole = (question: string) =>
    standing(stack, ANNA).includes(textOf(question)) && buttonsIn(stack, ANNA).length === 0
  ask('first')
  await telegram.waitUntil(() => shown(ANNA).length >= 3, 20_000)
  gateway.child.kill('SIGSTOP')
  press()
  await telegram.waitUntil(() => isWhole('first'), 30_000)
  gateway.child.kill('SIGCONT')
  await telegram.waitUntil(() => telegram.chat({ chat: ANNA }).answers.length === 1, 30_000)
  model.setSpeed({ totalMs: [300, 300] })
  ask('second')
  await telegram.waitUntil(() => isWhole('second'), 20_000)
  expect(standing(stack, ANNA)).toEqual([textOf('first'), textOf('second')])
}, 90_000)

test('a stop right after a takeover keeps what the reader has seen', async () => {
  const { stack, worker, press, ask, telegram, model, shown } = await openStopping(12_000)
  ask('question')
  await telegram.waitUntil(() => (shown(ANNA).at(-1)?.text.length ?? 0) > 400, 20_000)
  await Promise.all([worker.kill(), stack.start('worker')])
  await model.waitFor(({ id }) => id !== model.requests()[0]?.id)
  const seen = shown(ANNA).at(-1)?.text ?? ''
  press()
  await telegram.waitUntil(() => buttonsIn(stack, ANNA).length === 0, 20_000)
  expect(standing(stack, ANNA).join('').startsWith(seen.slice(0, -20))).toBe(true)
}, 90_000)
