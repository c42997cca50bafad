/** Files, captions, albums and reactions of the bot. */
import { expect, test } from 'vitest'
import { call, say, startSimulator, TOKEN } from './raw-client.ts'

/** The head of a PNG of 300 × 200 pixels. */
const PNG = Buffer.from('89504e470d0a1a0a0000000d494844520000012c000000c8', 'hex')
/** The head of a JPEG of 40 × 30 pixels, with a segment before its frame. */
const JPEG = Buffer.from('ffd8ffe00004000affc0001108001e0028030122', 'hex')

test.each(['photo', 'document', 'voice'])(
  'a %s with caption, keyboard and reply is posted whole',
  async (kind) => {
    const simulator = await startSimulator()
    const { message_id } = simulator.phone.sendText({ from: 5, text: 'send it' })
    const reply_markup = { inline_keyboard: [[{ text: 'a', callback_data: 'b' }]] }
    const form = new FormData()
    form.set('chat_id', '5')
    form.set(kind, new Blob(['bytes']), 'name.txt')
    form.set('caption', 'bold')
    form.set('caption_entities', JSON.stringify([{ type: 'bold', offset: 0, length: 4 }]))
    form.set('reply_parameters', JSON.stringify({ message_id, allow_sending_without_reply: true }))
    form.set('reply_markup', JSON.stringify(reply_markup))
    const method = `send${kind[0]?.toUpperCase()}${kind.slice(1)}`
    const answer = await fetch(`${simulator.url}/bot${TOKEN}/${method}`, { method: 'POST', body: form })
    expect(await answer.json()).toMatchObject({
      result: {
        [kind]: expect.any(Object),
        caption: 'bold',
        caption_entities: [{ type: 'bold', offset: 0, length: 4 }],
        reply_to_message: { message_id },
        reply_markup,
      },
    })
  },
)

test('a caption over 1024 characters, a file that is not there and an empty one are refused', async () => {
  const simulator = await startSimulator()
  const send = async (photo: unknown, caption = '') =>
    (await call(simulator, 'sendPhoto', { chat_id: 5, photo, caption })).description
  expect(await send('https://a.org/b.jpg', 'x'.repeat(1025))).toBe('Bad Request: message caption is too long')
  expect(await send('AgAC-unknown')).toBe('Bad Request: wrong file identifier/HTTP URL specified')
  expect(await send(undefined)).toBe('Bad Request: there is no photo in the request')
})

test('a photo tells its size, and a file is sent again by its id', async () => {
  const simulator = await startSimulator()
  const sizeOf = ({ photo }: Record<string, unknown>) => (photo as { width: number; height: number }[]).at(-1)
  const png = simulator.phone.sendFile({ from: 5, kind: 'photo', bytes: PNG })
  const jpeg = simulator.phone.sendFile({ from: 5, kind: 'photo', bytes: JPEG })
  expect(sizeOf(png)).toMatchObject({ width: 300, height: 200 })
  expect(sizeOf(jpeg)).toMatchObject({ width: 40, height: 30 })
  const fileId = (png.photo as { file_id: string }[])[0]?.file_id ?? ''
  const again = await call(simulator, 'sendPhoto', { chat_id: 6, photo: fileId })
  expect(sizeOf(again.result)).toMatchObject({ file_id: fileId, width: 300 })
  expect(simulator.file(fileId)?.bytes).toEqual(PNG)
})

test('an album is as many messages as it has items, each with its caption', async () => {
  const simulator = await startSimulator()
  const item = { type: 'photo', media: 'https://a.org/b.jpg' }
  const entities = [{ type: 'italic', offset: 0, length: 1 }]
  const album = await call(simulator, 'sendMediaGroup', {
    chat_id: 5,
    media: [{ ...item, caption: 'c', caption_entities: entities }, item],
  })
  expect(album.result).toMatchObject([
    { caption: 'c', caption_entities: entities },
    { photo: expect.any(Array) },
  ])
  expect(album.result[0].media_group_id).toBe(album.result[1].media_group_id)
  const single = await call(simulator, 'sendMediaGroup', { chat_id: 5, media: [item] })
  expect(single.description).toBe('Bad Request: group must contain 2-10 items to send')
})

test('a reaction is kept with the message until the bot takes it back', async () => {
  const simulator = await startSimulator()
  const { message_id } = simulator.phone.sendText({ from: 5, text: 'nice' })
  const react = (reaction: unknown, id = message_id) =>
    call(simulator, 'setMessageReaction', { chat_id: 5, message_id: id, reaction })
  const thumb = { type: 'emoji', emoji: '👍' }
  expect((await react([thumb])).result).toBe(true)
  expect(simulator.message(5, message_id)?.reaction).toEqual([thumb])
  expect((await react([])).result).toBe(true)
  expect(simulator.message(5, message_id)?.reaction).toEqual([])
  expect((await react([{ type: 'emoji', emoji: '🍕' }])).description).toBe('Bad Request: REACTION_INVALID')
  expect((await react([thumb, thumb])).description).toBe('Bad Request: REACTIONS_TOO_MANY')
  expect((await react([thumb], 99)).description).toBe('Bad Request: message to react not found')
})

test('files are served to the bot by their path only', async () => {
  const simulator = await startSimulator()
  await say(simulator, 5, 'x')
  expect((await fetch(`${simulator.url}/file/bot${TOKEN}/photos/none.jpg`)).status).toBe(404)
})
