// A help desk: what people write to the bot is copied to the operators' group, and replies there are copied back.
import fs from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Context, Markup, Telegraf, TelegramError } from 'telegraf'
import type { Message } from 'telegraf/types'

const DATA = process.env.RELAY_DATA ?? './data'
const OPERATORS = Number(process.env.RELAY_OPERATORS)

interface Ticket {
  user_id: number
  name: string
  card_id: number
  opened_by: number
  state: 'open' | 'closed' | 'blocked'
}

interface Pair {
  user_id: number
  user_message_id: number
  operator_message_id: number
}

fs.mkdirSync(DATA, { recursive: true })
const db = new DatabaseSync(path.join(DATA, 'relay.db'), { timeout: 10_000 })
db.exec(`
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS tickets (
    user_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    card_id INTEGER NOT NULL,         -- the message in the operators' group that stands for it
    opened_by INTEGER NOT NULL,       -- the person's message that opened it
    state TEXT NOT NULL DEFAULT 'open'
  );
  CREATE TABLE IF NOT EXISTS pairs (
    user_id INTEGER NOT NULL,
    user_message_id INTEGER NOT NULL,
    operator_message_id INTEGER PRIMARY KEY
  );
  CREATE INDEX IF NOT EXISTS pairs_of_users ON pairs (user_id, user_message_id);
`)

const putTicket = db.prepare(`
  INSERT INTO tickets (user_id, name, card_id, opened_by) VALUES (?, ?, ?, ?)
  ON CONFLICT (user_id) DO UPDATE SET
    name = excluded.name,
    card_id = excluded.card_id,
    -- A second run for the same message reopens nothing that was closed meanwhile.
    state = CASE WHEN opened_by = excluded.opened_by THEN state ELSE 'open' END,
    opened_by = excluded.opened_by`)
const findTicket = db.prepare('SELECT * FROM tickets WHERE user_id = ?')
const openTickets = db.prepare("SELECT * FROM tickets WHERE state = 'open' ORDER BY card_id")
const setState = db.prepare('UPDATE tickets SET state = ? WHERE user_id = ?')
const putPair = db.prepare('INSERT OR REPLACE INTO pairs VALUES (?, ?, ?)')
const pairOfUser = db.prepare('SELECT * FROM pairs WHERE user_id = ? AND user_message_id = ?')
const pairOfOperator = db.prepare('SELECT * FROM pairs WHERE operator_message_id = ?')

const ticketOf = (userId: number) => findTicket.get(userId) as Ticket | undefined
const fromUser = (userId: number, id?: number) => pairOfUser.get(userId, id ?? 0) as Pair | undefined
const fromOperator = (id?: number) => pairOfOperator.get(id ?? 0) as Pair | undefined

const bot = new Telegraf(process.env.BOT_TOKEN ?? process.env.TELEGRAM_BOT_TOKEN ?? '', {
  telegram: { apiRoot: process.env.TELEGRAM_API_ROOT as string },
})

const replyTo = (id: number | undefined) =>
  id === undefined ? {} : { reply_parameters: { message_id: id, allow_sending_without_reply: true } }

// --- commands -------------------------------------------------------------------------------------------------------

bot.start((ctx) => ctx.reply(`Hello ${ctx.from.first_name}, write what you need; a human answers.`))

bot.command('open', async (ctx) => {
  if (ctx.chat.id !== OPERATORS) return
  const names = (openTickets.all() as unknown as Ticket[]).map(({ name }) => `🎫 ${name}`)
  await ctx.reply(names.join('\n') || 'Nobody waits.')
})

// --- from people to operators ---------------------------------------------------------------------------------------

async function toOperators(ctx: Context, message: Message): Promise<void> {
  const { id, first_name: name } = message.from ?? { id: 0, first_name: '' }
  const ticket = ticketOf(id)
  if (ticket?.state === 'blocked') return
  // A second run for the message that opened the ticket (it was cut short) does what the first one did.
  if (ticket?.state !== 'open' || ticket.opened_by === message.message_id) {
    const keyboard = Markup.inlineKeyboard([
      Markup.button.callback('✅ Close', `close:${id}`),
      Markup.button.callback('⛔️ Block', `block:${id}`),
    ])
    const card = await ctx.telegram.sendMessage(OPERATORS, `🎫 ${name} asks for help`, keyboard)
    putTicket.run(id, name, card.message_id, message.message_id)
    await ctx.reply('Thank you. We answer here as soon as we can.')
  }
  const replied = 'reply_to_message' in message ? message.reply_to_message?.message_id : undefined
  const above = fromUser(id, replied)?.operator_message_id ?? ticketOf(id)?.card_id
  const copy = await ctx.copyMessage(OPERATORS, replyTo(above))
  putPair.run(id, message.message_id, copy.message_id)
}

// --- from operators to people ---------------------------------------------------------------------------------------

async function toPerson(ctx: Context, message: Message): Promise<void> {
  const replied = 'reply_to_message' in message ? message.reply_to_message?.message_id : undefined
  const pair = fromOperator(replied)
  if (!pair) return
  try {
    const copy = await ctx.copyMessage(pair.user_id, replyTo(pair.user_message_id))
    putPair.run(pair.user_id, copy.message_id, message.message_id)
    await ctx.react('👌')
  } catch (error) {
    if (!(error instanceof TelegramError) || error.code !== 403) throw error
    setState.run('closed', pair.user_id)
    await ctx.reply('🚫 They have blocked the bot; the ticket is closed.', replyTo(message.message_id))
  }
}

bot.on('message', async (ctx) => {
  if (ctx.chat.type === 'private') await toOperators(ctx, ctx.message)
  else if (ctx.chat.id === OPERATORS) await toPerson(ctx, ctx.message)
})

// --- edits go along -------------------------------------------------------------------------------------------------

bot.on('edited_message', async (ctx) => {
  const { message_id: id, from } = ctx.editedMessage
  const isOperator = ctx.chat.id === OPERATORS
  const pair = isOperator ? fromOperator(id) : fromUser(from.id, id)
  if (!pair) return
  const [chat, copy] = isOperator
    ? [pair.user_id, pair.user_message_id]
    : [OPERATORS, pair.operator_message_id]
  if ('text' in ctx.editedMessage) {
    await ctx.telegram.editMessageText(chat, copy, undefined, ctx.editedMessage.text)
  } else if ('caption' in ctx.editedMessage) {
    await ctx.telegram.editMessageCaption(chat, copy, undefined, ctx.editedMessage.caption)
  }
})

// --- the card's buttons ---------------------------------------------------------------------------------------------

bot.action(/^(close|block):(\d+)$/, async (ctx) => {
  const isClosing = ctx.match[1] === 'close'
  const ticket = ticketOf(Number(ctx.match[2]))
  if (!ticket) return ctx.answerCbQuery('There is no such ticket.', { show_alert: true })
  setState.run(isClosing ? 'closed' : 'blocked', ticket.user_id)
  await ctx.editMessageText(
    `${isClosing ? '✅' : '⛔️'} ${ticket.name}: ${isClosing ? 'closed' : 'blocked'} by ${ctx.from.first_name}`,
  )
  if (isClosing)
    await ctx.telegram.sendMessage(ticket.user_id, 'We have closed your request. Write to open a new one.')
  await ctx.answerCbQuery(isClosing ? 'Closed' : 'Blocked')
})

bot.catch((error, ctx) => console.error(`${ctx.updateType} failed`, error))

bot.launch()
process.once('SIGINT', () => bot.stop('SIGINT'))
process.once('SIGTERM', () => bot.stop('SIGTERM'))

export default bot
