import { createTextBook } from '@chatlane/dialogue'
import { createKeys } from '@chatlane/lanes'
import { createLog } from '@chatlane/runtime'
import { createTelegramSimulator } from '@chatlane/simulators'
import { createBotApi } from '@chatlane/telegram'
import { openTestRedis } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { showCommandMenu } from '../src/command-menu.ts'

const TOKEN = '7001:AAtest-token-of-the-command-menu'
const THEIRS = [{ command: 'shop', description: 'Our shop' }]

async function openMenu() {
  const { redis, prefix } = openTestRedis()
  const telegram = await createTelegramSimulator({
    bots: [{ token: TOKEN, username: 'lane_bot', firstName: 'Lane' }],
  })
  const api = createBotApi({ apiRoot: telegram.url })
  onTestFinished(async () => {
    await api.close()
    await telegram.close()
  })
  const keys = createKeys({ prefix, shards: 1 })
  const log = createLog({ service: 'test', level: 'silent' })
  const menu = async (languageCode?: string) => {
    const payload = languageCode === undefined ? {} : { language_code: languageCode }
    const answer = await api.call<typeof THEIRS>(TOKEN, 'getMyCommands', payload)
    return answer.kind === 'ok' ? answer.result : []
  }
  return {
    api,
    menu,
    show: (texts = createTextBook()) =>
      showCommandMenu({ redis, keys, api, texts, log }, { botId: '7001', token: TOKEN }),
  }
}

test('the commands are in the menu, in the language of each client', async () => {
  const { show, menu } = await openMenu()
  await show()
  expect(await menu()).toContainEqual({ command: 'new', description: 'begin the conversation anew' })
  expect(await menu('ru')).toContainEqual({ command: 'new', description: 'начать разговор заново' })
})

test('what the bot’s owner has set stays', async () => {
  const { api, show, menu } = await openMenu()
  await api.call(TOKEN, 'setMyCommands', { commands: THEIRS })
  await show()
  await show()
  expect([await menu(), await menu('ru')]).toEqual([THEIRS, []])
})

test('a menu of ours is set anew where its texts are others, and only then', async () => {
  const { api, show, menu } = await openMenu()
  await show()
  await api.call(TOKEN, 'setMyCommands', { commands: THEIRS })
  await show()
  expect(await menu()).toEqual(THEIRS)
  await show(createTextBook({ en: { commands: { new: 'another beginning' } } }))
  expect(await menu()).toContainEqual({ command: 'new', description: 'another beginning' })
})
