import { Bot, InputFile } from 'grammy'
import { Telegraf } from 'telegraf'
import { message } from 'telegraf/filters'
import { expect, onTestFinished, test } from 'vitest'
import { openDoor } from './door.ts'
import { openStack, type Stack, TOKEN } from './stack.ts'

const ANNA = 11
const GO = { reply_markup: { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] } }
const FILE = Buffer.from('bytes \r\n--of it')

async function openAll() {
  const stack = await openStack({ telegram: { limits: { enforce: true } } })
  stack.telegram.phone.createUser({ id: ANNA })
  const [door] = await Promise.all([openDoor(stack), stack.start('sender')])
  return { stack, apiRoot: door.url }
}

/** A person who writes, waits for a menu, presses its button, and gets a file. */
async function talk({ telegram }: Stack): Promise<void> {
  const posted = () => telegram.messages(ANNA).filter(({ by }) => by === 'bot')
  telegram.phone.sendText({ from: ANNA, text: 'hello' })
  await telegram.waitUntil(() => posted().length === 1, 30_000)
  telegram.phone.pressButton({ from: ANNA, messageId: posted()[0]?.message.message_id ?? 0 })
  await telegram.waitUntil(() => posted().length === 2, 30_000)
  const [menu, file] = posted().map((each) => each.message)
  expect(menu?.text).toBe('edited')
  expect(telegram.chat({ chat: ANNA }).answers[0]).toMatchObject({ text: 'gone' })
  const { file_id } = (file as unknown as { document: { file_id: string } }).document
  expect(Buffer.from(telegram.file(file_id)?.bytes ?? []).equals(FILE)).toBe(true)
  expect(telegram.ledger().bots[0]).toMatchObject({ floods: 0, overLimit: { bot: 0, private: 0 } })
}

test('a grammY bot works as it is, with its API root changed', async () => {
  const { stack, apiRoot } = await openAll()
  const bot = new Bot(TOKEN, { client: { apiRoot } })
  bot.on('message:text', (ctx) => ctx.reply('menu', GO))
  bot.callbackQuery('go', async (ctx) => {
    await ctx.answerCallbackQuery('gone')
    await ctx.editMessageText('edited')
    await ctx.replyWithChatAction('upload_document')
    const { document } = await ctx.replyWithDocument(new InputFile(FILE, 'a.txt'), { caption: 'here' })
    const { file_path } = await ctx.api.getFile(document.file_id)
    expect(await (await fetch(`${apiRoot}/file/bot${TOKEN}/${file_path}`)).text()).toBe(FILE.toString())
    await expect(ctx.api.sendMessage(404404, 'a')).rejects.toMatchObject({ error_code: 400 })
  })
  const errors: unknown[] = []
  bot.catch((error) => void errors.push(error))
  const running = bot.start()
  onTestFinished(async () => {
    await bot.stop()
    await running
  })
  await talk(stack)
  await stack.telegram.waitUntil(
    () => stack.telegram.ledger().bots[0]?.refusals[400] === 1 || errors[0],
    30_000,
  )
  expect(errors).toEqual([])
})

test('a Telegraf bot works as it is, with its API root changed', async () => {
  const { stack, apiRoot } = await openAll()
  const bot = new Telegraf(TOKEN, { telegram: { apiRoot } })
  const errors: unknown[] = []
  bot.catch((error) => void errors.push(error))
  bot.on(message('text'), (ctx) => ctx.reply('menu', GO))
  bot.action('go', async (ctx) => {
    await ctx.answerCbQuery('gone')
    await ctx.editMessageText('edited')
    await ctx.sendChatAction('upload_document')
    const { document } = await ctx.replyWithDocument({ source: FILE, filename: 'a.txt' }, { caption: 'here' })
    const link = await ctx.telegram.getFileLink(document.file_id)
    expect(await (await fetch(link)).text()).toBe(FILE.toString())
    await expect(ctx.telegram.sendMessage(404404, 'a')).rejects.toMatchObject({
      response: { error_code: 400 },
    })
  })
  const launched = bot.launch()
  onTestFinished(async () => {
    bot.stop()
    await launched
  })
  await talk(stack)
  await stack.telegram.waitUntil(
    () => stack.telegram.ledger().bots[0]?.refusals[400] === 1 || errors[0],
    30_000,
  )
  expect(errors).toEqual([])
})
