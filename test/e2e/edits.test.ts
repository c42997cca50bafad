import { expect, test } from 'vitest'
import { longAnswer, pagesOf } from './long-answers.ts'
import { buttonsIn } from './shown.ts'
import { openStack } from './stack.ts'

const ANNA = 11
const UNITS = 6000

async function openConversation(environment: Record<string, string> = {}) {
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0', TELEGRAM_LIMIT_CHAT_PER_SECOND: '10', ...environment },
    model: { answers: ({ messages }) => `You said: ${messages.at(-1)?.content}` },
  })
  const { telegram, model } = stack
  telegram.phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
  await Promise.all([
    stack.start('gateway'),
    stack.start('worker'),
    stack.start('worker'),
    stack.start('sender'),
  ])
  const shown = () =>
    telegram
      .messages(ANNA)
      .filter(({ by }) => by === 'bot')
      .map(({ message }) => message.text ?? '')
  return {
    ...stack,
    shown,
    say: (text: string) => telegram.phone.sendText({ from: ANNA, text }).message_id,
    edit: (messageId: number, text: string) => telegram.phone.editText({ from: ANNA, messageId, text }),
    async sees(...texts: string[]) {
      const isSeen = () => (JSON.stringify(shown()) === JSON.stringify(texts) ? texts : undefined)
      await telegram.waitUntil(isSeen, 40_000).catch(() => expect(shown()).toEqual(texts))
    },
    slowly() {
      model.setAnswers(longAnswer(UNITS))
      model.setSpeed({ firstTokenMs: [100, 100], totalMs: [6000, 6000] })
    },
  }
}

test('the newest question is answered anew where its answer stands, as often as it is edited', async () => {
  const { model, say, edit, sees } = await openConversation()
  say('one')
  await sees('You said: one')
  const second = say('tow')
  await sees('You said: one', 'You said: tow')
  edit(second, 'two')
  await sees('You said: one', 'You said: two')
  edit(second, 'too')
  await sees('You said: one', 'You said: too')
  expect(
    model
      .requests()
      .at(-1)
      ?.messages.slice(1)
      .map(({ content }) => content),
  ).toEqual(['one', 'You said: one', 'too'])
}, 120_000)

test('an older question and an edit without a change are passed over', async () => {
  const { model, say, edit, sees } = await openConversation()
  const first = say('one')
  await sees('You said: one')
  const second = say('two')
  await sees('You said: one', 'You said: two')
  edit(first, 'ONE')
  edit(second, 'two')
  say('three')
  await sees('You said: one', 'You said: two', 'You said: three')
  expect(model.requests()).toHaveLength(3)
}, 120_000)

test('an edit while the answer grows has it made anew in the same messages, and what is left over goes', async () => {
  const { say, edit, sees, shown, slowly, ...stack } = await openConversation()
  const { telegram, model } = stack
  slowly()
  const asked = say('a long tale')
  await telegram.waitUntil(() => shown()[0], 30_000)
  edit(asked, 'another long tale')
  const pages = pagesOf('another long tale', UNITS).map(({ text }) => text)
  await sees(...pages)
  expect(buttonsIn(stack, ANNA)).toEqual([])
  model.setAnswers(() => 'short')
  edit(asked, 'a short one')
  await sees('short')
}, 120_000)

test('an answer that was stopped is made anew, and a worker and a sender that die over it leave one answer', async () => {
  const { telegram, say, edit, sees, shown, slowly, running, start } = await openConversation()
  slowly()
  const asked = say('a long tale')
  await telegram.waitUntil(() => shown()[0], 30_000)
  say('/stop')
  await telegram.waitUntil(() => shown().find((text) => text === 'The answer was stopped.'), 30_000)
  edit(asked, 'another long tale')
  const pages = pagesOf('another long tale', UNITS).map(({ text }) => text)
  await telegram.waitUntil(() => shown()[0]?.startsWith('Answer to another'), 30_000)
  for (const service of running()) if (service.name !== 'gateway') await service.kill()
  await Promise.all([start('worker'), start('sender')])
  const [first = '', ...others] = pages
  await sees(first, 'The answer was stopped.', ...others)
}, 120_000)
