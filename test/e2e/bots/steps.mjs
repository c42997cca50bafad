// A bot that takes its time over each message: two messages and an edit, and a counter in the session.
import { session, Telegraf } from 'telegraf'

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const bot = new Telegraf(process.env.TELEGRAM_BOT_TOKEN)
bot.use(session({ defaultSession: () => ({ count: 0 }) }))
bot.on('text', async (ctx) => {
  const count = ++ctx.session.count
  const begun = await ctx.reply(`${ctx.message.text} begins`)
  await wait(100 + Math.random() * 400)
  await ctx.telegram.editMessageText(
    ctx.chat.id,
    begun.message_id,
    undefined,
    `${ctx.message.text} is number ${count}`,
  )
  await wait(100 + Math.random() * 400)
  await ctx.reply(`${ctx.message.text} done`)
})
bot.launch()

export default bot
