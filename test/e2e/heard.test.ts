import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { API_KEY, openStack, TOKEN } from './stack.ts'

const ANNA = 11
const BORIS = 12
const PNG = Buffer.from('\x89PNG\r\n\x1a\nthe first picture', 'latin1')
const JPEG = Buffer.from('\xff\xd8\xff\xe0the second picture', 'latin1')
const VOICE = Buffer.from('OggSthe voice', 'latin1')
const PDF = Buffer.from('%PDF-1.7 the document')
const url = (mimeType: string, bytes: Buffer) => `data:${mimeType};base64,${bytes.toString('base64')}`
const shownPicture = (bytes = JPEG, mimeType = 'image/jpeg') => ({
  type: 'image_url',
  image_url: { url: url(mimeType, bytes) },
})
const words = (text: string) => ({ type: 'text', text })

async function openConversation(environment: Record<string, string> = {}) {
  const stack = await openStack({
    environment: {
      MERGE_WINDOW_MS: '0',
      TELEGRAM_LIMIT_CHAT_PER_SECOND: '20',
      LOG_LEVEL: 'debug',
      SYSTEM_PROMPT: 'Be brief.',
      ...environment,
    },
    model: {
      answers: ({ messages }) => `Answer ${messages.filter(({ role }) => role === 'user').length}`,
      transcripts: () => 'what is the weather like?',
    },
  })
  const { telegram, model, redis } = stack
  telegram.phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
  telegram.phone.createUser({ id: BORIS, firstName: 'Борис', languageCode: 'ru' })
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  const replies = (chat = ANNA) =>
    telegram
      .messages(chat)
      .filter(({ by }) => by === 'bot')
      .map(({ message }) => message.text ?? '')
  return {
    ...stack,
    replies,
    /** Waits until the bot has said `count` things in the chat; the last of them. */
    nthReply: (count: number, chat = ANNA) => telegram.waitUntil(() => replies(chat)[count - 1], 40_000),
    /** The newest question, as the model got it. */
    asked: () => model.requests().at(-1)?.messages.at(-1)?.content,
    /** No secret is anywhere but where it belongs. */
    async expectNoSecrets() {
      const logged = stack.running().flatMap(({ lines }) => lines)
      const kept: string[] = []
      for (const key of await redis.redis.keys(`${redis.prefix}*`)) {
        kept.push((await redis.redis.dumpBuffer(key))?.toString('latin1') ?? '')
      }
      const sent = model.requests().map((request) => JSON.stringify(request))
      expect([logged.length, kept.length, sent.length].every((count) => count > 0)).toBe(true)
      const secret = TOKEN.split(':')[1] ?? ''
      for (const text of [...logged, ...kept, ...sent]) {
        expect(text).not.toContain(secret)
        expect(text).not.toContain(API_KEY)
        expect(text).not.toContain('/file/bot')
      }
    },
  }
}

test('a picture is seen with what is said about it, and again with a later question', async () => {
  const { telegram, model, asked, nthReply, expectNoSecrets } = await openConversation()
  const { phone } = telegram
  phone.sendFile({ from: ANNA, kind: 'photo', bytes: JPEG, caption: 'what is this?' })
  await nthReply(1)
  expect(asked()).toEqual([words('what is this?'), shownPicture()])
  phone.sendText({ from: ANNA, text: 'and what colour has it?' })
  await nthReply(2)
  expect(model.requests().at(-1)?.messages.slice(1)).toEqual([
    { role: 'user', content: [words('what is this?'), shownPicture()] },
    { role: 'assistant', content: 'Answer 1' },
    { role: 'user', content: 'and what colour has it?' },
  ])
  phone.sendText({ from: ANNA, text: '/retry' })
  await nthReply(3)
  phone.sendText({ from: ANNA, text: '/new' })
  await nthReply(4)
  phone.sendFile({ from: ANNA, kind: 'document', bytes: PNG, fileName: 'a.png' })
  await nthReply(5)
  expect(asked()).toEqual([shownPicture(PNG, 'image/png')])
  await expectNoSecrets()
}, 120_000)

test('an album is one question with its pictures in order, its caption in the middle', async () => {
  const { telegram, model, asked, nthReply } = await openConversation()
  const pictures = [1, 2, 3].map((n) => Buffer.concat([JPEG, Buffer.from([n])]))
  telegram.phone.sendAlbum({
    from: ANNA,
    items: pictures.map((bytes, n) => ({ kind: 'photo', bytes, ...(n === 1 && { caption: 'compare' }) })),
  })
  await nthReply(1)
  expect(asked()).toEqual([words('compare'), ...pictures.map((bytes) => shownPicture(bytes))])
  expect(model.requests()).toHaveLength(1)
}, 120_000)

test('of many pictures the newest are sent again, the others are marks', async () => {
  const { telegram, model, nthReply } = await openConversation()
  for (let n = 1; n <= 6; n++) {
    telegram.phone.sendFile({ from: ANNA, kind: 'photo', bytes: Buffer.concat([JPEG, Buffer.from([n])]) })
    await nthReply(n)
  }
  telegram.phone.sendText({ from: ANNA, text: 'which was best?' })
  await nthReply(7)
  const said =
    model
      .requests()
      .at(-1)
      ?.messages.filter(({ role }) => role === 'user') ?? []
  expect(said.map(({ content }) => (typeof content === 'string' ? content : 'shown'))).toEqual([
    '⟦picture⟧',
    '⟦picture⟧',
    ...Array<string>(4).fill('shown'),
    'which was best?',
  ])
}, 120_000)

test('a voice message goes to a model that hears as it is', async () => {
  const { telegram, model, asked, nthReply } = await openConversation({
    OPENROUTER_MODEL: 'google/gemini-2.5-flash',
  })
  telegram.phone.sendFile({ from: ANNA, kind: 'voice', bytes: VOICE })
  await nthReply(1)
  expect(asked()).toEqual([
    { type: 'input_audio', input_audio: { data: VOICE.toString('base64'), format: 'ogg' } },
  ])
  expect(model.transcriptions()).toEqual([])
}, 120_000)

test('for one that does not, it is written down, and is what the user has said', async () => {
  const { telegram, model, asked, nthReply, expectNoSecrets } = await openConversation()
  telegram.phone.sendFile({ from: ANNA, kind: 'voice', bytes: VOICE })
  await nthReply(1)
  expect(asked()).toBe('what is the weather like?')
  expect(model.transcriptions()).toMatchObject([{ model: 'openai/whisper-1', format: 'ogg', bytes: VOICE }])
  telegram.phone.sendText({ from: ANNA, text: 'and tomorrow?' })
  await nthReply(2)
  expect(model.requests().at(-1)?.messages.slice(1)).toEqual([
    { role: 'user', content: 'what is the weather like?' },
    { role: 'assistant', content: 'Answer 1' },
    { role: 'user', content: 'and tomorrow?' },
  ])
  await expectNoSecrets()
}, 120_000)

test('video notes and sounds are written down too, of sounds it is told that they are', async () => {
  const { telegram, model, asked, nthReply } = await openConversation()
  const note = Buffer.from('\0\0\0\x20ftypmp42the note', 'latin1')
  telegram.phone.sendFile({ from: ANNA, kind: 'video_note', bytes: note })
  await nthReply(1)
  expect(asked()).toBe('what is the weather like?')
  const song = Buffer.from('ID3the song')
  telegram.phone.sendFile({
    from: ANNA,
    kind: 'audio',
    bytes: song,
    fileName: 'song.mp3',
    caption: 'who sings?',
  })
  await nthReply(2)
  expect(asked()).toBe(
    'who sings?\n⟦recording "song.mp3"⟧\nwhat is the weather like?\n⟦end of recording "song.mp3"⟧',
  )
  expect(model.transcriptions().map(({ format }) => format)).toEqual(['m4a', 'mp3'])
}, 120_000)

test('a worker that dies while it fetches a file leaves one answer, of another worker', async () => {
  const { telegram, model, asked, nthReply, replies, running, start } = await openConversation()
  telegram.addFault({ kind: 'delay', method: 'getFile', delayMs: 60_000 })
  telegram.phone.sendFile({ from: ANNA, kind: 'photo', bytes: JPEG, caption: 'what is this?' })
  // A fault that has met its call is gone.
  await until(() => telegram.faults().length === 0)
  for (const service of running()) if (service.name === 'worker') await service.kill()
  await start('worker')
  await nthReply(1)
  expect(asked()).toEqual([words('what is this?'), shownPicture()])
  expect([replies(), model.requests().length]).toEqual([['Answer 1'], 1])
}, 120_000)

test('where nothing is written down, a voice message is told not to be heard', async () => {
  const { telegram, model, nthReply } = await openConversation({ TRANSCRIPTION_MODEL: 'off' })
  telegram.phone.sendFile({ from: BORIS, kind: 'voice', bytes: VOICE })
  expect(await nthReply(1, BORIS)).toMatch(/^Голосовые сообщения и звук я здесь не слышу/)
  expect([model.requests(), model.transcriptions()]).toEqual([[], []])
}, 120_000)

test('PDFs go along as they are, texts as their words', async () => {
  const { telegram, asked, nthReply } = await openConversation()
  const { phone } = telegram
  phone.sendFile({ from: ANNA, kind: 'document', bytes: PDF, fileName: 'plan.pdf', caption: 'sum it up' })
  await nthReply(1)
  expect(asked()).toEqual([
    words('sum it up'),
    { type: 'file', file: { filename: 'plan.pdf', file_data: url('application/pdf', PDF) } },
  ])
  const cyrillic = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2])
  phone.sendFile({ from: ANNA, kind: 'document', bytes: cyrillic, fileName: 'old.txt', caption: 'translate' })
  await nthReply(2)
  expect(asked()).toBe('translate\n⟦file "old.txt"⟧\nПривет\n⟦end of file "old.txt"⟧')
}, 120_000)

test('a PDF to a model that reads none is read for it, without further cost', async () => {
  const { telegram, model, nthReply } = await openConversation({ OPENROUTER_MODEL: 'openai/gpt-3.5-turbo' })
  telegram.phone.sendFile({ from: ANNA, kind: 'document', bytes: PDF, fileName: 'plan.pdf' })
  await nthReply(1)
  expect(model.requests()[0]?.plugins).toEqual([{ id: 'file-parser', pdf: { engine: 'cloudflare-ai' } }])
}, 120_000)

test('stickers, places, contacts, forwards and quotations are told to the model', async () => {
  const { telegram, asked, nthReply } = await openConversation()
  const { phone } = telegram
  let count = 0
  const says = async (expected: unknown) => {
    await nthReply(++count)
    expect(asked()).toEqual(expected)
  }
  phone.sendSticker({ from: ANNA, emoji: '😀' })
  await says('⟦sticker 😀⟧')
  phone.sendLocation({ from: ANNA, latitude: 55.75, longitude: 37.62 })
  await says('⟦location: latitude 55.75, longitude 37.62⟧')
  phone.sendContact({ from: ANNA, phoneNumber: '+79990000000', firstName: 'Vera' })
  await says('⟦contact: Vera, +79990000000⟧')
  const group = phone.createGroup({ title: 'Team', members: [ANNA, BORIS] })
  const elsewhere = phone.sendText({ from: BORIS, chat: group.id, text: 'buy now' })
  phone.forwardMessage({ from: ANNA, fromChat: group.id, messageId: elsewhere.message_id })
  await says('⟦forwarded from Борис⟧\nbuy now')
  const [first] = telegram.messages(ANNA).filter(({ by }) => by === 'bot')
  const replyTo = first?.message.message_id
  phone.sendText({ from: ANNA, text: 'why?', replyTo, quote: 'Answer' })
  await says('⟦quoting your earlier message: "Answer"⟧\nwhy?')
}, 120_000)

test('forwards with a comment and a text that was split are one question, in order', async () => {
  const { telegram, model, asked, nthReply } = await openConversation({ MERGE_WINDOW_MS: '1000' })
  const { phone } = telegram
  const { id } = phone.createGroup({ title: 'Team', members: [ANNA, BORIS] })
  const { message_id: messageId } = phone.sendText({ from: BORIS, chat: id, text: 'cats fly' })
  phone.sendText({ from: ANNA, text: 'is it true?' })
  phone.forwardMessage({ from: ANNA, fromChat: id, messageId })
  phone.sendFile({ from: ANNA, kind: 'photo', bytes: JPEG })
  await nthReply(1)
  expect(asked()).toEqual([words('is it true?\n⟦forwarded from Борис⟧\ncats fly'), shownPicture()])
  expect(model.requests()).toHaveLength(1)
}, 120_000)

test('a file that Telegram does not have, and a voice that nobody could write down, fail no turn', async () => {
  const { telegram, model, asked, nthReply, replies } = await openConversation()
  const { phone } = telegram
  const expired = { kind: 'refuse', code: 400, description: 'Bad Request: wrong file_id' } as const
  telegram.addFault({ ...expired, method: 'getFile' })
  phone.sendFile({ from: ANNA, kind: 'photo', bytes: JPEG, caption: 'what is this?' })
  await nthReply(2)
  expect(replies()).toEqual(['Answer 1', expect.stringMatching(/^Telegram no longer has a file/)])
  expect(asked()).toBe('what is this?\n⟦picture, not shown⟧')
  model.faults.add({ preset: 'bad_gateway', model: 'openai/whisper-1' })
  phone.sendFile({ from: ANNA, kind: 'voice', bytes: VOICE })
  expect(await nthReply(3)).toMatch(/^The recording could not be turned into text/)
  expect(model.transcriptions().map(({ status }) => status)).toEqual([502, 502])
  model.faults.clear()
  phone.sendFile({ from: ANNA, kind: 'voice', bytes: VOICE })
  await nthReply(4)
  expect(asked()).toBe('what is the weather like?')
}, 120_000)

test('what cannot be read is said, and what was written beside it is answered', async () => {
  const { telegram, model, replies, asked, nthReply } = await openConversation()
  const { phone } = telegram
  phone.sendFile({ from: ANNA, kind: 'video', bytes: Buffer.from('mp4') })
  expect(await nthReply(1)).toMatch(/can't watch videos/)
  const huge = Buffer.concat([PNG, Buffer.alloc(21 * 1024 * 1024)])
  phone.sendFile({ from: ANNA, kind: 'document', bytes: huge, fileName: 'huge.png', caption: 'what is it?' })
  await nthReply(3)
  expect(replies().slice(1)).toEqual(['Answer 1', expect.stringMatching(/^A file is too large/)])
  expect(asked()).toBe('what is it?\n⟦picture, not shown⟧')
  phone.sendFile({ from: ANNA, kind: 'document', bytes: Buffer.from('PK'), fileName: 'a.zip' })
  expect(await nthReply(4)).toMatch(/can't read files of this kind/)
  expect(model.requests()).toHaveLength(1)
}, 120_000)

test('a picture to a model without eyes is said to be unseen', async () => {
  const { telegram, model, replies, asked, nthReply } = await openConversation({
    OPENROUTER_MODEL: 'openai/gpt-3.5-turbo',
  })
  telegram.phone.sendFile({ from: ANNA, kind: 'photo', bytes: JPEG })
  expect(await nthReply(1)).toBe("The model of this chat can't see pictures.")
  expect(model.requests()).toEqual([])
  telegram.phone.sendFile({ from: ANNA, kind: 'photo', bytes: JPEG, caption: 'what is love?' })
  await nthReply(3)
  expect(replies().slice(1)).toEqual(['Answer 1', "The model of this chat can't see pictures."])
  expect(asked()).toBe('what is love?\n⟦picture, not shown⟧')
}, 120_000)

test('a picture that a model makes is sent after its text, and remembered by a mark', async () => {
  const { telegram, model, nthReply, expectNoSecrets } = await openConversation({
    OPENROUTER_MODEL: 'google/gemini-2.5-flash-image',
  })
  model.setAnswers(() => ({ text: 'Here it is.', images: [url('image/png', PNG)] }))
  telegram.phone.sendText({ from: ANNA, text: 'paint a cat' })
  const sent = () =>
    telegram
      .messages(ANNA)
      .filter(({ by }) => by === 'bot')
      .map(({ message }) => message)
  await telegram.waitUntil(() => sent()[1], 40_000)
  const [text, photo] = sent()
  expect(text?.text).toBe('Here it is.')
  const sizes = photo?.photo as { file_id: string }[]
  expect(telegram.file(sizes.at(-1)?.file_id ?? '')?.bytes).toEqual(PNG)
  model.setAnswers(() => ({ text: '', images: [url('image/png', PNG)] }))
  telegram.phone.sendText({ from: ANNA, text: 'another' })
  await telegram.waitUntil(() => sent()[2]?.photo, 40_000)
  model.setAnswers(() => 'A cat.')
  telegram.phone.sendText({ from: ANNA, text: 'what was it?' })
  await nthReply(4)
  expect(model.requests().at(-1)?.messages.slice(1)).toEqual([
    { role: 'user', content: 'paint a cat' },
    { role: 'assistant', content: 'Here it is.\n[picture]' },
    { role: 'user', content: 'another' },
    { role: 'assistant', content: '[picture]' },
    { role: 'user', content: 'what was it?' },
  ])
  await expectNoSecrets()
}, 120_000)

test('a picture that the model made can be replied to', async () => {
  const { telegram, model, asked } = await openConversation({
    OPENROUTER_MODEL: 'google/gemini-2.5-flash-image',
  })
  const photos = () =>
    telegram.messages(ANNA).filter(({ by, message }) => by === 'bot' && message.photo !== undefined)
  model.setAnswers(() => ({ text: '', images: [url('image/png', PNG)] }))
  telegram.phone.sendText({ from: ANNA, text: 'paint a cat' })
  const made = await telegram.waitUntil(() => photos()[0]?.message.message_id, 40_000)
  telegram.phone.sendText({ from: ANNA, text: 'make it blue', replyTo: made })
  await telegram.waitUntil(() => photos()[1], 40_000)
  expect(asked()).toEqual([words('make it blue'), shownPicture(PNG, 'image/png')])
}, 120_000)

test('in a group a picture is answered where its caption calls the bot, or who replies to it does', async () => {
  const { telegram, model, nthReply, asked } = await openConversation()
  const { phone } = telegram
  const group = phone.createGroup({ title: 'Team', members: [ANNA, BORIS] })
  const photo = phone.sendFile({ from: BORIS, chat: group.id, kind: 'photo', bytes: JPEG, caption: 'look' })
  phone.sendFile({ from: ANNA, chat: group.id, kind: 'photo', bytes: PNG, caption: '@lane_bot what is it?' })
  await nthReply(1, group.id)
  expect(asked()).toEqual([words('⟦from Anna⟧\nwhat is it?'), shownPicture(PNG, 'image/png')])
  phone.sendText({ from: ANNA, chat: group.id, replyTo: photo.message_id, text: '@lane_bot and this?' })
  await nthReply(2, group.id)
  expect(asked()).toEqual([
    words('⟦from Anna⟧\n⟦replying to a message from Борис: "look"⟧\nand this?'),
    shownPicture(),
  ])
  expect(model.requests()).toHaveLength(2)
}, 120_000)
