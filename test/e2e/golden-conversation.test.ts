/** A long conversation in two languages through the whole stack, compared with what is written by hand in `golden/`. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { requestsText, screenText } from './golden-text.ts'
import { openStack } from './stack.ts'

const ANNA = 11
const BORIS = 12

/** What the model says to the newest message; to what is not here it says what it heard. */
const TALE = 'Once upon a time there was a lane.\n\n'.repeat(40).trim()
const SKAZKA = 'Жила-была очередь.\n\n'.repeat(60).trim()
const ANSWERS: [asked: RegExp, answer: string][] = [
  [/tale/, TALE],
  [/сказк/, SKAZKA],
  [/list/, '**Three** things:\n\n1. bread\n2. `milk`\n3. tea'],
]

function answerTo(content: string): string {
  return ANSWERS.find(([asked]) => asked.test(content))?.[1] ?? `I heard: ${content}`
}

async function openConversation() {
  const stack = await openStack({
    environment: { SYSTEM_PROMPT: 'Be brief.', TELEGRAM_LIMIT_CHAT_PER_SECOND: '10' },
    model: { answers: ({ messages }) => answerTo(String(messages.at(-1)?.content)) },
  })
  const { telegram } = stack
  telegram.phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
  telegram.phone.createUser({ id: BORIS, firstName: 'Борис', languageCode: 'ru' })
  const forum = telegram.phone.createGroup({ title: 'Team', members: [ANNA, BORIS], isForum: true }).id
  const topic = telegram.phone.createTopic({ from: ANNA, chat: forum, name: 'Plans' })
  await Promise.all([stack.start('gateway'), stack.start('sender')])
  await Promise.all([stack.start('worker'), stack.start('worker')])
  const ofBot = (chat: number) => telegram.messages(chat).filter(({ by }) => by === 'bot')
  /** Kills one of the workers and starts another in its stead. */
  const killWorker = async () => {
    const worker = stack.running().find(({ name }) => name === 'worker')
    await worker?.kill()
    await stack.start('worker')
  }
  return {
    ...stack,
    forum,
    topic,
    killWorker,
    /** Sends a message and waits until the bot's newest message of the chat is as expected. */
    async turn(chat: number, send: () => unknown, expected: string | RegExp) {
      const before = ofBot(chat).length
      send()
      const isThere = () => {
        const newest = ofBot(chat).at(-1)?.message
        const text = newest?.text ?? ''
        const fits = typeof expected === 'string' ? text.includes(expected) : expected.test(text)
        return ofBot(chat).length > before && fits && newest?.reply_markup === undefined ? newest : undefined
      }
      const failed = () => expect(ofBot(chat).map(({ message }) => message.text)).toContain(String(expected))
      await telegram.waitUntil(isThere, 60_000).catch(failed)
    },
    /** Waits until one of the bot's messages of the chat has the text. */
    shows: (chat: number, text: string) =>
      telegram.waitUntil(() => ofBot(chat).find(({ message }) => message.text?.includes(text)), 60_000),
  }
}

const golden = (name: string) => readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8')

test('a conversation in Russian and English asks the model what it must, and shows what it must, whoever dies', async () => {
  const { telegram, model, turn, shows, killWorker, forum, topic } = await openConversation()
  const { phone } = telegram
  const anna = (text: string) => () => phone.sendText({ from: ANNA, text })
  const boris = (text: string) => () => phone.sendText({ from: BORIS, text })
  const inTopic = (from: number, text: string, replyTo?: number) => () =>
    phone.sendText({ from, chat: forum, threadId: topic, text, ...(replyTo !== undefined && { replyTo }) })

  await turn(ANNA, anna('/start'), 'Hello!')
  await turn(BORIS, boris('/start'), 'Привет!')
  await turn(ANNA, anna('/retry'), 'nothing to answer again')
  await turn(ANNA, anna('my cat is called Ada'), 'I heard')
  await turn(BORIS, boris('мою кошку зовут Буся'), 'I heard')
  await killWorker()
  await turn(ANNA, anna('what is it called?'), 'what is it called?')
  await turn(BORIS, boris('/help'), '/new — начать разговор заново')
  await turn(ANNA, anna('/nonsense'), 'no such command')
  await turn(ANNA, anna('a list, please'), 'Three things')
  await turn(ANNA, anna('/retry'), 'Three things')
  // A burst is one turn.
  await turn(
    BORIS,
    () => ['раз', 'два', 'три'].map((text) => phone.sendText({ from: BORIS, text })),
    'I heard: раз\nдва\nтри',
  )
  await turn(ANNA, anna('/stream off'), 'come whole')
  await turn(ANNA, anna('/stream edit'), 'while the model writes')
  // The worker that tells a tale dies over it.
  model.setSpeed({ firstTokenMs: [50, 50], totalMs: [4000, 4000] })
  phone.sendText({ from: ANNA, text: 'a tale' })
  await shows(ANNA, 'Once upon')
  await killWorker()
  await killWorker()
  await turn(BORIS, boris('/stream'), 'Ответы')
  await turn(ANNA, anna('thanks'), 'I heard: thanks')
  phone.sendText({ from: BORIS, text: 'сказку' })
  await shows(BORIS, 'Жила-была')
  await turn(BORIS, boris('/stop'), 'Ответ остановлен')
  model.setSpeed({ firstTokenMs: [5, 10], totalMs: [10, 30] })
  await turn(BORIS, boris('/stop'), 'нечего')

  const plan = inTopic(ANNA, '@lane_bot what is the plan?')
  await turn(forum, plan, 'what is the plan?')
  inTopic(ANNA, 'я тоже не знаю')()
  const answer = telegram.messages(forum).find(({ by }) => by === 'bot')
  await turn(forum, inTopic(BORIS, 'а когда?', answer?.message.message_id), 'а когда?')
  await turn(forum, inTopic(BORIS, '/forget@lane_bot'), 'только администраторы')
  await killWorker()
  await turn(forum, inTopic(ANNA, '/new@lane_bot'), 'new beginning')
  await turn(forum, inTopic(BORIS, '@lane_bot и снова?'), 'и снова?')

  await turn(ANNA, anna('waht is it'), 'waht is it')
  const asked = telegram.messages(ANNA).findLast(({ by }) => by === 'user')
  phone.editText({ from: ANNA, messageId: asked?.message.message_id ?? 0, text: 'what is it' })
  await shows(ANNA, 'I heard: what is it')
  await turn(ANNA, anna('/new'), 'new beginning')
  await turn(ANNA, anna('do you know my cat?'), 'do you know my cat?')
  await turn(BORIS, boris('/forget'), 'Всё об этом чате стёрто')
  await turn(BORIS, boris('кто я?'), 'кто я?')

  const chats = { 'Anna’s': ANNA, 'Борис’s': BORIS, Team: forum }
  const long = { tale: TALE, сказка: SKAZKA }
  const finished = model.requests().filter(({ state }) => state === 'finished' || state === 'aborted')
  expect(screenText(telegram, { chats, long })).toBe(golden('screen.txt'))
  expect(requestsText(finished, { long })).toBe(golden('requests.txt'))
}, 300_000)
