// The assistant with more: what Chatlane adds to Telegraf. Whatever no handler here takes goes on to the assistant.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type LaneContext, schedule } from 'chatlane'
import { session, Telegraf, TelegramError } from 'telegraf'

const DATA = process.env.PLUS_DATA ?? './data'

fs.mkdirSync(DATA, { recursive: true })
const db = new DatabaseSync(path.join(DATA, 'plus.db'), { timeout: 10_000 })
db.exec(`
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS readers (chat_id INTEGER PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS vouchers (code TEXT PRIMARY KEY, chat_id INTEGER NOT NULL);
`)
const addReader = db.prepare('INSERT OR IGNORE INTO readers VALUES (?)')
const removeReader = db.prepare('DELETE FROM readers WHERE chat_id = ?')
const readers = db.prepare('SELECT chat_id FROM readers')
const addVoucher = db.prepare('INSERT OR IGNORE INTO vouchers VALUES (?, ?)')

export interface PlusContext extends LaneContext {
  session: { asked: number }
}

const bot = new Telegraf<PlusContext>(process.env.BOT_TOKEN ?? process.env.TELEGRAM_BOT_TOKEN ?? '')

bot.use(session({ defaultSession: () => ({ asked: 0 }) }))

bot.use(async (ctx, next) => {
  if (ctx.lane.rerun) console.log(`update ${ctx.update.update_id} runs again: its worker died`)
  await next()
})

// Chance and the world outside are asked once: a second run gets the first one's voucher, not another.
bot.command('voucher', async (ctx) => {
  const code = await ctx.lane.once('voucher', () => randomBytes(4).toString('hex').toUpperCase())
  addVoucher.run(code, ctx.chat.id)
  ctx.lane.reply(`Your voucher: \`${code}\``)
})

// A commit goes out together with the session, or not at all.
bot.command('subscribe', (ctx) => {
  addReader.run(ctx.chat.id)
  ctx.lane.commit('sendMessage', { text: '☀️ See you every morning at seven (UTC).' })
})

// The model answers before the reader's eyes; "signal" aborts where the worker stops.
bot.command('summary', async (ctx) => {
  if (ctx.lane.messages.length === 0) return ctx.reply('We have not talked yet.')
  const task = { role: 'user' as const, content: 'Sum up our conversation in three points.' }
  const answer = await ctx.lane.ask([...ctx.lane.messages, task])
  if (ctx.signal.aborted) return
  if (answer.kind === 'failed') return ctx.lane.reply('The model is not there; please ask again.')
  ctx.session.asked++
  ctx.lane.reply(`**Summary ${ctx.session.asked}**\n\n${answer.text}`)
})

bot.on('message', (_ctx, next) => next())

// Once a morning, however many workers there are.
schedule('morning', '0 7 * * *', async ({ telegram, signal }) => {
  for (const { chat_id: chatId } of readers.all()) {
    if (signal.aborted) return
    try {
      await telegram.sendMessage(Number(chatId), '☀️ Good morning! What is on your mind?')
    } catch (error) {
      if (!(error instanceof TelegramError) || error.code !== 403) throw error
      removeReader.run(Number(chatId))
    }
  }
})

export default bot
