/** Real clients against the simulator: telegraf and grammY. */
import { Bot, InputFile } from 'grammy'
import { Telegraf } from 'telegraf'
import { message } from 'telegraf/filters'
import { expect, onTestFinished, test } from 'vitest'
import { startGateway, startSimulator, TOKEN } from './raw-client.ts'

test('a telegraf bot that polls answers a text, a command and a button', async () => {
  const simulator = await startSimulator()
  const bot = new Telegraf(TOKEN, { telegram: { apiRoot: simulator.url } })
  bot.command('start', (ctx) =>
    ctx.reply('Welcome', { reply_markup: { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] } }),
  )
  bot.action('go', (ctx) => ctx.answerCbQuery('gone'))
  bot.on(message('text'), (ctx) => ctx.reply(`You said ${ctx.message.text}`))
  const launched = bot.launch()
  onTestFinished(async () => {
    bot.stop()
    await launched
  })
  simulator.phone.sendText({ from: 5, text: 'hello' })
  simulator.phone.sendText({ from: 5, text: '/start' })
  const messages = await simulator.waitUntil(() => {
    const all = simulator.messages(5)
    return all.length === 4 ? all : undefined
  })
  expect(messages?.map(({ message }) => message.text).sort()).toEqual([
    '/start',
    'Welcome',
    'You said hello',
    'hello',
  ])
  const menu = messages?.find(({ message }) => message.text === 'Welcome')
  simulator.phone.pressButton({ from: 5, messageId: menu?.message.message_id ?? 0 })
  await simulator.waitUntil(() => simulator.chat({ chat: 5 }).answers.length === 1)
  expect(simulator.chat({ chat: 5 }).answers[0]).toMatchObject({ text: 'gone', showAlert: false })
})

test('a telegraf bot behind a webhook answers, also by calls in its HTTP answers', async () => {
  const simulator = await startSimulator()
  const bot = new Telegraf(TOKEN, { telegram: { apiRoot: simulator.url, webhookReply: true } })
  bot.on(message('text'), async (ctx) => {
    await ctx.reply('first')
    await ctx.sendChatAction('typing')
  })
  const gateway = await startGateway((update, response) => void bot.handleUpdate(update as never, response))
  await bot.telegram.setWebhook(gateway.url)
  simulator.phone.sendText({ from: 5, text: 'hello' })
  const action = await simulator.waitFor((event) => event.type === 'action')
  expect(action).toMatchObject({ chatId: 5, action: 'typing' })
  expect(simulator.messages(5).map(({ message }) => message.text)).toEqual(['hello', 'first'])
})

test('a grammY bot that polls answers and sends a file that can be downloaded', async () => {
  const simulator = await startSimulator()
  const bot = new Bot(TOKEN, { client: { apiRoot: simulator.url } })
  bot.on('message:text', (ctx) =>
    ctx.replyWithDocument(new InputFile(Buffer.from('bytes \r\n--of it'), 'a.txt'), {
      caption: 'here',
      reply_parameters: { message_id: ctx.message.message_id },
    }),
  )
  const running = bot.start()
  onTestFinished(async () => {
    await bot.stop()
    await running
  })
  simulator.phone.sendText({ from: 5, text: 'a file' })
  const sent = await simulator.waitFor((event) => event.type === 'message' && event.by === 'bot')
  const posted: Record<string, unknown> = sent.type === 'message' ? sent.message : {}
  expect(posted).toMatchObject({ caption: 'here', reply_to_message: { text: 'a file' } })
  const { file_id } = posted.document as { file_id: string }
  const { file_path } = await bot.api.getFile(file_id)
  const download = await fetch(`${simulator.url}/file/bot${TOKEN}/${file_path}`)
  expect(await download.text()).toBe('bytes \r\n--of it')
})

test('a photo and an album sent with telegraf arrive', async () => {
  const simulator = await startSimulator()
  const { telegram } = new Telegraf(TOKEN, { telegram: { apiRoot: simulator.url } })
  await telegram.sendPhoto(5, { source: Buffer.from('jpeg') }, { caption: 'look' })
  const album = await telegram.sendMediaGroup(5, [
    { type: 'photo', media: { source: Buffer.from('one') }, caption: 'c' },
    { type: 'photo', media: { source: Buffer.from('two') } },
  ])
  expect(album).toHaveLength(2)
  const groups = new Set(album.map((part) => (part as { media_group_id?: string }).media_group_id))
  expect(groups.size).toBe(1)
  expect(simulator.ledger().bots[0]?.sends.posted).toBe(3)
})
