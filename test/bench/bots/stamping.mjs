// Answers each text with the time at which the answer was called for, and each tap at once.
import { Telegraf } from 'telegraf'

const bot = new Telegraf(process.env.TELEGRAM_BOT_TOKEN, {
  telegram: { apiRoot: process.env.TELEGRAM_API_ROOT },
})
bot.hears(/^ask /, (_ctx, next) => next())
bot.command('menu', (ctx) =>
  ctx.reply('menu', { reply_markup: { inline_keyboard: [[{ text: 'tap', callback_data: 'tap' }]] } }),
)
bot.action('tap', (ctx) => ctx.answerCbQuery('tapped'))
bot.hears(/^call /, (ctx) => ctx.reply(`called at ${performance.timeOrigin + performance.now()}`))
bot.launch()

export default bot
