/** What a bot tells of itself. */
import { Telegraf } from 'telegraf'
import { expect, test } from 'vitest'
import { call, startSimulator, TOKEN } from './raw-client.ts'

test('names and descriptions differ by language, and an empty one falls back', async () => {
  const simulator = await startSimulator()
  const get = async (method: string, language_code?: string) =>
    (await call(simulator, method, { language_code })).result
  expect(await get('getMyName')).toEqual({ name: 'Lane' })
  await call(simulator, 'setMyName', { name: 'Spur', language_code: 'de' })
  await call(simulator, 'setMyDescription', { description: 'What it does' })
  await call(simulator, 'setMyShortDescription', { short_description: 'Short' })
  expect(await get('getMyName', 'de')).toEqual({ name: 'Spur' })
  expect(await get('getMyName', 'fr')).toEqual({ name: 'Lane' })
  expect(await get('getMyDescription', 'de')).toEqual({ description: 'What it does' })
  expect(await get('getMyShortDescription')).toEqual({ short_description: 'Short' })
  await call(simulator, 'setMyName', { language_code: 'de' })
  expect(await get('getMyName', 'de')).toEqual({ name: 'Lane' })
  expect((await call(simulator, 'setMyName', { name: 'x'.repeat(65) })).error_code).toBe(400)
})

test('menu buttons are set for all chats or for one', async () => {
  const simulator = await startSimulator()
  const { telegram } = new Telegraf(TOKEN, { telegram: { apiRoot: simulator.url } })
  expect(await telegram.getChatMenuButton()).toEqual({ type: 'commands' })
  const app = { type: 'web_app' as const, text: 'Shop', web_app: { url: 'https://a.org' } }
  await telegram.setChatMenuButton({ chatId: 5, menuButton: app })
  expect(await telegram.getChatMenuButton({ chatId: 5 })).toEqual(app)
  expect(await telegram.getChatMenuButton({ chatId: 6 })).toEqual({ type: 'default' })
  const refusal = async (params: object) => (await call(simulator, 'setChatMenuButton', params)).description
  expect(await refusal({ menu_button: { type: 'window' } })).toMatch(/unsupported type/)
  expect(await refusal({ chat_id: -5 })).toBe('Bad Request: invalid chat_id specified')
})

test('nobody has profile photos, and sessions end at once', async () => {
  const simulator = await startSimulator()
  expect((await call(simulator, 'getUserProfilePhotos', { user_id: 5 })).result).toEqual({
    total_count: 0,
    photos: [],
  })
  expect((await call(simulator, 'getUserProfilePhotos', { user_id: 99 })).description).toBe(
    'Bad Request: user not found',
  )
  expect((await call(simulator, 'logOut')).result).toBe(true)
  expect((await call(simulator, 'close')).result).toBe(true)
})
