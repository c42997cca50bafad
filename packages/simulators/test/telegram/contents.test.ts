/** Contents that are neither texts nor photos: media of all kinds, places, contacts, dice. */
import { Telegraf } from 'telegraf'
import { expect, test } from 'vitest'
import { call, say, startSimulator, TOKEN } from './raw-client.ts'

const AT = { latitude: 52.52, longitude: 13.405 }

test.each([
  ['sendVideo', 'video', { width: 640, height: 360, duration: 9 }, { width: 640, height: 360, duration: 9 }],
  ['sendAudio', 'audio', { title: 'Song', performer: 'Ann' }, { title: 'Song', performer: 'Ann' }],
  ['sendAnimation', 'animation', { duration: 3 }, { duration: 3, file_name: 'name.bin' }],
  ['sendSticker', 'sticker', { emoji: '😀' }, { emoji: '😀', type: 'regular', is_animated: false }],
  ['sendVideoNote', 'video_note', { length: 100 }, { length: 100 }],
])('%s posts its file by upload, address and id', async (method, kind, params, shown) => {
  const simulator = await startSimulator()
  const form = new FormData()
  for (const [name, value] of Object.entries({ chat_id: 5, ...params })) form.set(name, String(value))
  form.set(kind, new Blob(['bytes']), 'name.bin')
  const answer = await fetch(`${simulator.url}/bot${TOKEN}/${method}`, { method: 'POST', body: form })
  const { result } = (await answer.json()) as { result: Record<string, { file_id: string }> }
  expect(result[kind]).toMatchObject({ file_id: expect.any(String), ...shown })
  const fileId = result[kind]?.file_id
  const again = await call(simulator, method, { chat_id: 6, [kind]: fileId })
  expect(again.result[kind].file_id).toBe(fileId)
  const byAddress = await call(simulator, method, { chat_id: 6, [kind]: 'https://a.org/b.bin' })
  expect(byAddress.result[kind]).toBeDefined()
  const refused = await call(simulator, method, { chat_id: 6 })
  expect(refused.description).toBe(`Bad Request: there is no ${kind.replace('_', ' ')} in the request`)
})

test('stickers and video notes take no caption, other media do', async () => {
  const simulator = await startSimulator()
  const file = 'https://a.org/b.bin'
  const sent = async (method: string, kind: string) =>
    (await call(simulator, method, { chat_id: 5, [kind]: file, caption: 'c' })).result.caption
  expect(await sent('sendVideo', 'video')).toBe('c')
  expect(await sent('sendSticker', 'sticker')).toBeUndefined()
  expect(await sent('sendVideoNote', 'video_note')).toBeUndefined()
})

test('a location, a venue and a contact are posted as they are given', async () => {
  const simulator = await startSimulator()
  const location = await call(simulator, 'sendLocation', { chat_id: 5, ...AT, live_period: 60 })
  expect(location.result.location).toEqual({ ...AT, live_period: 60 })
  const venue = await call(simulator, 'sendVenue', { chat_id: 5, ...AT, title: 'Shop', address: 'Street 1' })
  expect(venue.result).toMatchObject({
    venue: { location: AT, title: 'Shop', address: 'Street 1' },
    location: AT,
  })
  const contact = { phone_number: '+491234', first_name: 'Ann' }
  expect((await call(simulator, 'sendContact', { chat_id: 5, ...contact })).result.contact).toEqual(contact)
})

test('what lacks in them is told as Telegram tells it', async () => {
  const simulator = await startSimulator()
  const refusal = async (method: string, params: object) =>
    (await call(simulator, method, { chat_id: 5, ...params })).description
  expect(await refusal('sendLocation', { longitude: 1 })).toBe('Bad Request: latitude is empty')
  expect(await refusal('sendLocation', { latitude: 91, longitude: 1 })).toBe(
    'Bad Request: wrong location specified',
  )
  expect(await refusal('sendContact', { phone_number: '1' })).toBe(
    'Bad Request: parameter "first_name" is required',
  )
  expect(await refusal('sendDice', { emoji: '🍕' })).toMatch(/^Bad Request: /)
})

test('dice show what the seed says, within the faces of their emoji', async () => {
  const thrown = async (seed: number) => {
    const simulator = await startSimulator({ seed })
    const values: number[] = []
    for (const emoji of [undefined, '🏀', '🎰', '🎲', '🎯', '⚽️']) {
      values.push((await call(simulator, 'sendDice', { chat_id: 5, emoji })).result.dice.value)
    }
    return values
  }
  const values = await thrown(7)
  expect(await thrown(7)).toEqual(values)
  expect(await thrown(8)).not.toEqual(values)
  for (const [at, most] of [6, 5, 64, 6, 6, 5].entries()) {
    expect(values[at]).toBeGreaterThanOrEqual(1)
    expect(values[at]).toBeLessThanOrEqual(most)
  }
})

test('sends of all kinds count against the budgets, and everything else is free', async () => {
  const simulator = await startSimulator({ limits: { chatBurst: 1, enforce: true } })
  await say(simulator, 5, 'first')
  const statusOf = async (method: string, params: object) =>
    (await call(simulator, method, { chat_id: 5, ...params })).error_code
  expect(await statusOf('sendDice', {})).toBe(429)
  expect(await statusOf('sendPoll', { question: 'q', options: ['a'] })).toBe(429)
  expect(await statusOf('sendLocation', AT)).toBe(429)
  expect(await statusOf('editMessageMedia', { message_id: 1 })).toBe(429)
  expect(await statusOf('pinChatMessage', { message_id: 1 })).toBeUndefined()
  expect(await statusOf('getUserProfilePhotos', { user_id: 5 })).toBeUndefined()
})

test('telegraf sends them', async () => {
  const simulator = await startSimulator()
  const { telegram } = new Telegraf(TOKEN, { telegram: { apiRoot: simulator.url } })
  expect((await telegram.sendVideo(5, { source: Buffer.from('mp4') }, { caption: 'c' })).video).toBeDefined()
  expect((await telegram.sendSticker(5, { source: Buffer.from('webp') })).sticker).toBeDefined()
  expect((await telegram.sendDice(5)).dice.value).toBeGreaterThan(0)
  expect((await telegram.sendLocation(5, 1, 2)).location).toEqual({ latitude: 1, longitude: 2 })
  expect((await telegram.sendContact(5, '+49', 'Ann')).contact.first_name).toBe('Ann')
})

test('people send contacts, locations, stickers and videos', async () => {
  const simulator = await startSimulator()
  const { phone } = simulator
  expect(phone.sendContact({ from: 5, phoneNumber: '+49' }).contact).toMatchObject({
    phone_number: '+49',
    first_name: 'Ann',
    user_id: 5,
  })
  const other = phone.sendContact({ from: 5, phoneNumber: '+1', firstName: 'Carl' })
  expect(other.contact).toMatchObject({ first_name: 'Carl', user_id: undefined })
  expect(phone.sendLocation({ from: 5, ...AT }).location).toEqual(AT)
  expect(phone.sendSticker({ from: 5, emoji: '🎉' }).sticker).toMatchObject({ emoji: '🎉' })
  const video = phone.sendFile({ from: 5, kind: 'video', bytes: Buffer.from('mp4') })
  expect(video.video).toMatchObject({ mime_type: 'video/mp4' })
  expect(() => phone.sendLocation({ from: 5, latitude: 200, longitude: 0 })).toThrow(/no such place/)
  expect((await call(simulator, 'getUpdates')).result).toHaveLength(5)
})
