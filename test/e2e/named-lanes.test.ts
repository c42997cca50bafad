import { fileURLToPath } from 'node:url'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { longAnswer, pagesOf } from './long-answers.ts'
import { buttonsIn } from './shown.ts'
import { openStack } from './stack.ts'

const ANNA = 11
const BORIS = 12
const UNITS = 1500
const HANDLERS = fileURLToPath(new URL('bots/lane-per-user.mjs', import.meta.url))

/** A forum whose users have lanes of their own; the model answers Anna's questions slowly. */
async function openForum() {
  const stack = await openStack({
    environment: { HANDLERS, MERGE_WINDOW_MS: '0', TELEGRAM_LIMIT_GROUP_PER_MINUTE: '1000' },
    model: { answers: longAnswer(UNITS), firstTokenMs: [100, 200], totalMs: [20_000, 20_000] },
  })
  const { telegram } = stack
  for (const [id, firstName] of [
    [ANNA, 'Anna'],
    [BORIS, 'Boris'],
  ] as const)
    telegram.phone.createUser({ id, firstName, languageCode: 'en' })
  const forum = telegram.phone.createGroup({ members: [ANNA, BORIS], type: 'supergroup', isForum: true }).id
  const topic = telegram.phone.createTopic({ from: ANNA, chat: forum, name: 'one' })
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  const say = (from: number, text: string) =>
    telegram.phone.sendText({ from, chat: forum, threadId: topic, text })
  /** What the bot has posted, in the topic or elsewhere. */
  const posted = () =>
    telegram
      .messages(forum)
      .filter(({ by }) => by === 'bot')
      .map(({ message }) => ({ text: message.text ?? '', topic: message.message_thread_id }))
  return { ...stack, stack, forum, topic, say, posted }
}

test('in lanes that are named, answers reach their topic, and one user waits for no other', async () => {
  const { telegram, forum, topic, say, posted, stack } = await openForum()
  say(ANNA, '@lane_bot a slow question')
  await telegram.waitUntil(() => buttonsIn(stack, forum).length > 0, 30_000)
  say(BORIS, '/help@lane_bot')
  await telegram.waitUntil(() => posted().some(({ text }) => text.includes('/new')), 30_000)
  expect(buttonsIn(stack, forum)).toHaveLength(1)
  expect(new Set(posted().map((message) => message.topic))).toEqual(new Set([topic]))
})

test.each(['the button', '/stop'])(
  'in lanes that are named, %s stops the answer of its author',
  async (way) => {
    const { telegram, model, forum, say, posted, stack } = await openForum()
    say(ANNA, '@lane_bot a slow question')
    await telegram.waitUntil(() => buttonsIn(stack, forum).length > 0, 30_000)
    const [button] = buttonsIn(stack, forum)
    // Boris is neither who asked nor an administrator.
    say(BORIS, '/stop@lane_bot')
    await telegram.waitUntil(() => posted().length === 2, 30_000)
    expect(model.requests()[0]?.state).toBe('running')
    if (way === '/stop') say(ANNA, '/stop@lane_bot')
    else if (button) telegram.phone.pressButton({ from: ANNA, chat: forum, ...button })
    await until(() => model.requests()[0]?.state === 'aborted')
    await telegram.waitUntil(() => buttonsIn(stack, forum).length === 0, 30_000)
    const [whole] = pagesOf('a slow question', UNITS)
    expect(posted()[0]?.text.length).toBeLessThan(whole?.text.length ?? 0)
    if (way === '/stop') await telegram.waitUntil(() => posted().length === 3, 30_000)
    else await telegram.waitUntil(() => telegram.chat({ chat: forum }).answers.length === 1, 30_000)
  },
)
