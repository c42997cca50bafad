/** A long conversation in two languages through the whole stack, compared with what is written by hand in `golden/`. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { buttonRows } from '../examples/message-line.ts'
import { requestsText, screenText } from './golden-text.ts'
import { openStack } from './stack.ts'

const ANNA = 11
const BORIS = 12
const VERA = 13

const JPEG = Buffer.from('\xff\xd8\xff\xe0cat', 'latin1')
const OTHER_JPEG = Buffer.from('\xff\xd8\xff\xe0dog', 'latin1')
const PNG = Buffer.from('\x89PNG\r\n\x1a\ncat', 'latin1')
const VOICE = Buffer.from('OggSvoice')
const NOTE = Buffer.from('\0\0\0\x20ftypmp42note', 'latin1')
const PDF = Buffer.from('%PDF-1.7 plan')

/** What the model says to the newest message; to what is not here it says what it heard. */
const TALE = 'Once upon a time there was a lane.\n\n'.repeat(40).trim()
const SKAZKA = 'Жила-была очередь.\n\n'.repeat(60).trim()
const ANSWERS: [asked: RegExp, answer: string][] = [
  [/tale/, TALE],
  [/сказк/, SKAZKA],
  [/list/, '**Three** things:\n\n1. bread\n2. `milk`\n3. tea'],
  [/Длинный рассказ/, 'Это длинный рассказ.'],
]
/** More than a message holds: a client sends it in two. */
const PASTE = 'Длинный рассказ. '.repeat(300).trim()
const PASTED = `${PASTE.slice(0, 4096)}\n${PASTE.slice(4096)}`

const PICTURE = { text: 'Вот она.', images: [`data:image/png;base64,${PNG.toString('base64')}`] }

function answerTo(content: unknown): string | typeof PICTURE {
  const parts = Array.isArray(content) ? (content as { type: string; text?: string }[]) : []
  const text = typeof content === 'string' ? content : parts.flatMap((part) => part.text ?? []).join('\n')
  if (text.includes('нарисуй')) return PICTURE
  const beside = parts.flatMap(({ type }) => (type === 'text' ? [] : [`(${type})`]))
  return (
    ANSWERS.find(([asked]) => asked.test(text))?.[1] ??
    `I heard: ${[text, ...beside].filter((part) => part !== '').join(' ')}`
  )
}

type Conversation = Awaited<ReturnType<typeof openConversation>>

async function openConversation() {
  const stack = await openStack({
    environment: { SYSTEM_PROMPT: 'Be brief.', MODELS: '*', TELEGRAM_LIMIT_CHAT_PER_SECOND: '10' },
    model: {
      answers: ({ messages }) => answerTo(messages.at(-1)?.content),
      transcripts: ({ format }) => (format === 'ogg' ? 'какая погода?' : 'это видео обо мне'),
    },
  })
  const { telegram } = stack
  telegram.phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
  telegram.phone.createUser({ id: BORIS, firstName: 'Борис', languageCode: 'ru' })
  telegram.phone.createUser({ id: VERA, firstName: 'Вера', languageCode: 'ru' })
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
    /**
     * Sends a message and waits until the bot's newest message of the chat is as expected, and whole: what is still being
     * written has a button.
     */
    async turn(chat: number, send: () => unknown, expected: string | RegExp, hasButtons = false) {
      const before = ofBot(chat).length
      send()
      const isThere = () => {
        const newest = ofBot(chat).at(-1)?.message
        const text = newest?.text ?? (newest?.photo === undefined ? '' : 'photo')
        const fits = typeof expected === 'string' ? text.includes(expected) : expected.test(text)
        const isWhole = (newest?.reply_markup !== undefined) === hasButtons
        return ofBot(chat).length > before && fits && isWhole ? newest : undefined
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

/** Every kind of message, and every setting, in one chat. */
async function sendEverything({ telegram, turn, shows, killWorker, forum }: Conversation): Promise<void> {
  const { phone } = telegram
  const text = (text: string) => () => phone.sendText({ from: VERA, text })
  const file = (kind: 'photo' | 'voice' | 'video_note' | 'video', bytes: Buffer, caption?: string) => () =>
    phone.sendFile({ from: VERA, kind, bytes, ...(caption !== undefined && { caption }) })
  const document = (fileName: string, bytes: Buffer, caption: string) => () =>
    phone.sendFile({ from: VERA, kind: 'document', bytes, fileName, caption })
  const newest = () => telegram.messages(VERA).findLast(({ by }) => by === 'bot')?.message.message_id ?? 0
  const press = (label: string) => {
    const buttons = telegram.messages(VERA).flatMap(({ message }) => buttonRows(message).flat())
    const data = buttons.findLast(({ text }) => text === label)?.callback_data ?? ''
    phone.pressButton({ from: VERA, messageId: newest(), data })
  }

  await turn(VERA, text('/context'), 'слово в слово: 0')
  await turn(VERA, file('photo', JPEG, 'что это?'), 'что это? (image_url)')
  await killWorker()
  const album = [JPEG, OTHER_JPEG].map((bytes) => ({ kind: 'photo' as const, bytes }))
  await turn(VERA, () => phone.sendAlbum({ from: VERA, items: album }), '(image_url) (image_url)')
  await turn(VERA, file('voice', VOICE), 'какая погода?')
  await turn(VERA, file('video_note', NOTE), 'это видео обо мне')
  await turn(VERA, document('plan.pdf', PDF, 'кратко'), 'кратко (file)')
  await turn(VERA, document('notes.txt', Buffer.from('первое дело'), 'что тут?'), 'первое дело')
  await turn(VERA, file('video', Buffer.from('mp4')), 'Видео я не смотрю')
  await turn(VERA, text('/new'), 'Начинаем заново')
  await turn(VERA, () => phone.sendSticker({ from: VERA, emoji: '😀' }), 'sticker')
  await turn(VERA, () => phone.sendLocation({ from: VERA, latitude: 55.75, longitude: 37.62 }), '55.75')
  await killWorker()
  await turn(
    VERA,
    () => phone.sendContact({ from: VERA, phoneNumber: '+79990000000', firstName: 'Глеб' }),
    'Глеб',
  )
  const elsewhere = telegram.messages(forum).findLast(({ by }) => by === 'user')?.message.message_id ?? 0
  await turn(
    VERA,
    () => phone.forwardMessage({ from: VERA, fromChat: forum, messageId: elsewhere }),
    'forwarded',
  )
  await turn(
    VERA,
    () => phone.sendText({ from: VERA, text: 'почему?', replyTo: newest(), quote: 'I heard' }),
    'почему?',
  )
  await turn(VERA, () => phone.sendLongText({ from: VERA, text: PASTE }), 'Это длинный рассказ.')
  await turn(VERA, text('/new'), 'Начинаем заново')

  await turn(VERA, text('/system'), 'пришлите', true)
  await killWorker()
  await turn(VERA, text('Ты пират.'), 'Готово')
  await turn(VERA, text('/system'), 'пришлите', true)
  await turn(VERA, text('/cancel'), 'как есть')
  await turn(VERA, text('/model openai/gpt-4o'), 'GPT-4o')
  await turn(VERA, text('кто ты?'), 'кто ты?')
  await turn(VERA, text('/settings'), 'Ты пират.', true)
  press('Закрыть')
  await turn(VERA, text('/model flash image'), 'flash image', true)
  press('Google: Gemini 2.5 Flash Image')
  await shows(VERA, 'отвечает')
  await turn(VERA, text('нарисуй кошку'), 'photo')
  await turn(VERA, text('кто на ней?'), 'кто на ней?')
  await turn(VERA, text('/usage'), 'Вы израсходовали')
  await turn(VERA, text('/context'), 'слово в слово: 6')
}

test('a conversation in Russian and English asks the model what it must, and shows what it must, whoever dies', async () => {
  const conversation = await openConversation()
  const { telegram, model, turn, shows, killWorker, forum, topic } = conversation
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

  await sendEverything(conversation)

  const chats = { 'Anna’s': ANNA, 'Борис’s': BORIS, 'Вера’s': VERA, Team: forum }
  const long = { tale: TALE, сказка: SKAZKA, paste: PASTED }
  const finished = model.requests().filter(({ state }) => state === 'finished' || state === 'aborted')
  expect(screenText(telegram, { chats, long })).toBe(golden('screen.txt'))
  expect(requestsText(finished, { long })).toBe(golden('requests.txt'))
}, 300_000)
