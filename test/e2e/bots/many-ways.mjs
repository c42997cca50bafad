// An ordinary Telegraf bot that does what its tests ask for.
import { createReadStream } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Scenes, session, Telegraf, TelegramError } from 'telegraf'

const bot = new Telegraf(process.env.TELEGRAM_BOT_TOKEN)
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const order = new Scenes.WizardScene(
  'order',
  async (ctx) => {
    await ctx.reply('What is your name?')
    return ctx.wizard.next()
  },
  async (ctx) => {
    ctx.wizard.state.name = ctx.message.text
    await ctx.reply('Where do you live?')
    return ctx.wizard.next()
  },
  async (ctx) => {
    await ctx.reply('One moment…')
    // The worker may be killed in here.
    await wait(Number(process.env.STEP_MS ?? 0))
    await ctx.reply(`${ctx.wizard.state.name}, we ship to ${ctx.message.text}`)
    return ctx.scene.leave()
  },
)

bot.use(session())
bot.use(new Scenes.Stage([order]).middleware())
bot.command('order', (ctx) => ctx.scene.enter('order'))
bot.command('count', async (ctx) => {
  ctx.session ??= {}
  ctx.session.count = (ctx.session.count ?? 0) + 1
  await ctx.reply(`count ${ctx.session.count}`)
})
bot.command('wait', async (ctx) => {
  const sent = await ctx.reply('⏳')
  await ctx.telegram.editMessageText(sent.chat.id, sent.message_id, undefined, 'done')
})
bot.command('burst', (ctx) => {
  for (const n of [1, 2, 3, 4]) ctx.reply(`burst ${n}`)
})
bot.command('blocked', async (ctx) => {
  try {
    await bot.telegram.sendMessage(Number(ctx.payload), 'hello')
    await ctx.reply('reached')
  } catch (error) {
    if (!(error instanceof TelegramError)) throw error
    await ctx.reply(`${error.code}: ${error.description}`)
  }
})
bot.command('photo', (ctx) =>
  ctx.replyWithPhoto(
    { source: createReadStream(fileURLToPath(new URL('dot.png', import.meta.url))) },
    { caption: 'a dot' },
  ),
)
bot.command('stray', async (ctx) => {
  // Nobody waits for it, and it is refused.
  ctx.telegram.sendMessage(Number(ctx.payload), 'hello')
  await wait(500)
  await ctx.reply('still here')
})
bot.command('missing', async (ctx) => {
  const first = ctx.reply('one moment')
  const photo = ctx.replyWithPhoto({ source: createReadStream('/nowhere.png') })
  await photo.catch((error) => ctx.reply(`no photo: ${error.code}`))
  await first
})
bot.command('half', (ctx) => {
  ctx.session = { count: 10 }
  ctx.reply('half done')
  throw new Error('the bot is broken')
})
bot.command('throw', () => {
  throw new Error('the bot is broken')
})
bot.command('once', async (ctx) => {
  const drawn = await ctx.lane.once('draw', async () => {
    await appendFile(process.env.EFFECTS_FILE, 'drawn\n')
    return Math.random()
  })
  await ctx.reply(`first ${drawn}`)
  await wait(Number(process.env.STEP_MS ?? 0))
  await ctx.reply(`second ${drawn}, ${ctx.lane.rerun ? 'again' : 'at once'}`)
})
bot.command('later', (ctx) => {
  setTimeout(() => ctx.reply('later'), 50)
})
bot.command('together', async (ctx) => {
  ctx.lane.commit('sendMessage', { text: 'with the commit' })
  await ctx.reply('before the commit')
})
bot.command('slow', async (ctx) => {
  await ctx.reply('working')
  await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
})
bot.command('menu', (ctx) =>
  ctx.reply('menu', { reply_markup: { inline_keyboard: [[{ text: 'tap', callback_data: 'tap' }]] } }),
)
bot.action('tap', async (ctx) => {
  await ctx.answerCbQuery('tapped', { show_alert: true })
  await ctx.editMessageText('tapped')
})
bot.command('form', (ctx) =>
  ctx.reply('form', { reply_markup: { inline_keyboard: [[{ text: 'begin', callback_data: 'begin' }]] } }),
)
bot.action('begin', async (ctx) => {
  ctx.session = { asked: true }
  await ctx.answerCbQuery()
  await ctx.reply('What is it?')
  // The answer may come before this handler has ended.
  await wait(1000)
})
bot.hears('an answer', (ctx) => ctx.reply(ctx.session?.asked ? 'thank you' : 'nobody asked'))
bot.launch()
process.once('SIGINT', () => bot.stop('SIGINT'))

export default bot
