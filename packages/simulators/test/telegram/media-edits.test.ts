/** Albums of all media, other media in a message, and what can be copied. */
import { expect, test } from 'vitest'
import { call, say, startSimulator } from './raw-client.ts'

const media = (type: string, more: object = {}) => ({ type, media: 'https://a.org/b.bin', ...more })

test('an album mixes photos with videos, and holds audio and documents alone', async () => {
  const simulator = await startSimulator()
  const send = (...items: object[]) => call(simulator, 'sendMediaGroup', { chat_id: 5, media: items })
  expect((await send(media('photo'), media('video', { caption: 'c' }))).result).toMatchObject([
    { photo: expect.any(Array) },
    { video: expect.any(Object), caption: 'c' },
  ])
  expect((await send(media('audio'), media('audio'))).ok).toBe(true)
  expect((await send(media('audio'), media('photo'))).description).toBe(
    "Bad Request: audio can't be mixed with other media types",
  )
  expect((await send(media('photo'), media('animation'))).description).toBe(
    'Bad Request: can\'t parse InputMedia: type "animation" can\'t be used in sendMediaGroup',
  )
  expect((await send(media('photo'), media('song'))).description).toBe(
    'Bad Request: can\'t parse InputMedia: type "song" is unsupported',
  )
  expect((await send(media('photo'), { type: 'photo' })).description).toBe(
    "Bad Request: can't parse InputMedia: media not found",
  )
})

test('other media take the place of a text or of media, caption and keyboard included', async () => {
  const simulator = await startSimulator()
  const markup = { inline_keyboard: [[{ text: 'a', callback_data: 'b' }]] }
  await say(simulator, 5, 'a text', { reply_markup: markup })
  const edit = (item: object, more: object = {}) =>
    call(simulator, 'editMessageMedia', { chat_id: 5, message_id: 1, media: item, ...more })
  const { result } = await edit(media('photo', { caption: 'c' }), { reply_markup: markup })
  expect(result).toMatchObject({ photo: expect.any(Array), caption: 'c', reply_markup: markup })
  expect(result.text).toBeUndefined()
  const fileId = result.photo[0].file_id
  const same = await edit({ type: 'photo', media: fileId, caption: 'c' }, { reply_markup: markup })
  expect(same.description).toMatch(/^Bad Request: message is not modified/)
  const video = (await edit(media('video'))).result
  expect([video.photo, video.caption, video.reply_markup]).toEqual([undefined, undefined, undefined])
  expect(video.video).toBeDefined()
})

test('media do not take the place of what is no media, and not in an album of others', async () => {
  const simulator = await startSimulator()
  await call(simulator, 'sendDice', { chat_id: 5 })
  const items = [media('audio'), media('audio')]
  await call(simulator, 'sendMediaGroup', { chat_id: 5, media: items })
  const edit = async (message_id: number, params: object) =>
    (await call(simulator, 'editMessageMedia', { chat_id: 5, message_id, ...params })).description
  expect(await edit(1, { media: media('photo') })).toBe(
    'Bad Request: there is no media in the message to edit',
  )
  expect(await edit(2, { media: media('photo') })).toMatch(/^Bad Request: /)
  expect(await edit(1, {})).toBe('Bad Request: parameter "media" is required')
  expect(await edit(99, { media: media('photo') })).toBe('Bad Request: message to edit not found')
})

test('service messages are neither copied nor forwarded, and invoices only forwarded', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5], botsAreAdmins: true })
  const joined = simulator.phone.joinGroup({ from: 6, chat: id })
  const source = { chat_id: id, from_chat_id: id, message_id: joined?.message_id }
  expect((await call(simulator, 'copyMessage', source)).description).toBe(
    "Bad Request: the message can't be copied",
  )
  expect((await call(simulator, 'forwardMessage', source)).description).toBe(
    "Bad Request: the message can't be forwarded",
  )
  const prices = [{ label: 'a', amount: 5 }]
  const invoice = { title: 't', description: 'd', payload: 'p', currency: 'XTR', prices }
  const { message_id } = (await call(simulator, 'sendInvoice', { chat_id: 5, ...invoice })).result
  const sold = { chat_id: 5, from_chat_id: 5, message_id }
  expect((await call(simulator, 'copyMessage', sold)).ok).toBe(false)
  expect((await call(simulator, 'forwardMessage', sold)).result.invoice).toMatchObject({ title: 't' })
})
