// An ordinary Telegraf bot, written for Telegram alone. Nothing in it calls `process.exit`: once stopped, Telegraf waits
// for the handlers under way, tells Telegram which updates it has handled, and the process ends by itself.
import { Telegraf } from 'telegraf'

const apiRoot = process.env.BOT_API_ROOT ?? process.env.TELEGRAM_API_ROOT
const bot = new Telegraf(process.env.TELEGRAM_BOT_TOKEN, { telegram: { apiRoot } })

bot.on('text', (ctx) => ctx.reply(`echo ${ctx.message.text}`))

bot.launch()
process.once('SIGTERM', () => bot.stop('SIGTERM'))
