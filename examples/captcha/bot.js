// Keeps spammers out of groups: who joins proves to be human within a time, or is removed.
import fs from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Markup, Telegraf } from 'telegraf'
import { message } from 'telegraf/filters'

const DATA = process.env.CAPTCHA_DATA ?? './data'
const SWEEP_MS = 500
const LEASE_MS = 10_000
const ALERT = { show_alert: true }

fs.mkdirSync(DATA, { recursive: true })
const db = new DatabaseSync(path.join(DATA, 'captcha.db'), { timeout: 10_000 })
db.exec(`
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS groups (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL DEFAULT 'button',
    seconds INTEGER NOT NULL DEFAULT 120,
    greeting TEXT NOT NULL DEFAULT 'Welcome, $name!'
  );
  CREATE TABLE IF NOT EXISTS candidates (
    group_id INTEGER,
    user_id INTEGER,
    question_id INTEGER NOT NULL,
    answer TEXT,                      -- none where the question is a button
    ends_at INTEGER NOT NULL,
    leased_until INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (group_id, user_id)
  );
`)

const addGroup = db.prepare('INSERT OR IGNORE INTO groups (id) VALUES (?)')
const findGroup = db.prepare('SELECT * FROM groups WHERE id = ?')
const set = (column) => db.prepare(`UPDATE groups SET ${column} = ? WHERE id = ?`)
const [setKind, setSeconds, setGreeting] = [set('kind'), set('seconds'), set('greeting')]
const addCandidate = db.prepare(`
  INSERT OR REPLACE INTO candidates (group_id, user_id, question_id, answer, ends_at) VALUES (?, ?, ?, ?, ?)`)
const findCandidate = db.prepare('SELECT * FROM candidates WHERE group_id = ? AND user_id = ?')
const removeCandidate = db.prepare('DELETE FROM candidates WHERE group_id = ? AND user_id = ?')
// A lease: of several processes one takes care of a candidate, and another where that one has died.
const leaseLate = db.prepare(`
  UPDATE candidates SET leased_until = ? WHERE ends_at < ? AND leased_until < ? RETURNING *`)

function settingsOf(groupId) {
  addGroup.run(groupId)
  return findGroup.get(groupId)
}

const bot = new Telegraf(process.env.BOT_TOKEN ?? process.env.TELEGRAM_BOT_TOKEN, {
  telegram: { apiRoot: process.env.TELEGRAM_API_ROOT },
})

// --- settings, for administrators -----------------------------------------------------------------------------------

async function isAdmin(ctx) {
  const { status } = await ctx.getChatMember(ctx.from.id)
  return status === 'creator' || status === 'administrator'
}

async function adminsOnly(ctx, next) {
  if (ctx.chat.type === 'private') return ctx.reply('Add me to a group as an administrator.')
  if (await isAdmin(ctx)) return next()
  await ctx.reply('Only administrators may do that.', { reply_parameters: { message_id: ctx.msgId } })
}

function panel({ kind, seconds, greeting }) {
  const text = `🛡 Captcha: ${kind}\nTime: ${seconds} s (/seconds 60)\nGreeting: ${greeting} (/greeting Hi $name)`
  const button = Markup.button.callback(kind === 'button' ? '🧮 Ask a sum' : '👆 Ask a tap', 'kind')
  return [text, Markup.inlineKeyboard([button])]
}

bot.command('settings', adminsOnly, (ctx) => ctx.reply(...panel(settingsOf(ctx.chat.id))))

bot.command('seconds', adminsOnly, async (ctx) => {
  const seconds = Number(ctx.payload)
  if (!(seconds >= 1 && seconds <= 3600)) return ctx.reply('From 1 to 3600, please: /seconds 60')
  settingsOf(ctx.chat.id)
  setSeconds.run(seconds, ctx.chat.id)
  await ctx.reply(`⏱ ${seconds} s from now on.`)
})

bot.command('greeting', adminsOnly, async (ctx) => {
  settingsOf(ctx.chat.id)
  setGreeting.run(ctx.payload, ctx.chat.id)
  await ctx.reply(`Like this: ${ctx.payload.replace('$name', ctx.from.first_name)}`)
})

bot.action('kind', async (ctx) => {
  if (!(await isAdmin(ctx))) return ctx.answerCbQuery('Only administrators may do that.', ALERT)
  // What the panel said decides, so that two taps at once switch once.
  setKind.run(ctx.callbackQuery.message.text.includes('Captcha: button') ? 'sum' : 'button', ctx.chat.id)
  await ctx.editMessageText(...panel(settingsOf(ctx.chat.id)))
  await ctx.answerCbQuery('Saved')
})

// --- newcomers ------------------------------------------------------------------------------------------------------

bot.on(message('new_chat_members'), async (ctx) => {
  for (const member of ctx.message.new_chat_members) if (!member.is_bot) await challenge(ctx, member)
})

async function challenge(ctx, { id, first_name: name }) {
  const { kind, seconds } = settingsOf(ctx.chat.id)
  const reply = { reply_parameters: { message_id: ctx.msgId, allow_sending_without_reply: true } }
  let answer = null
  let question
  if (kind === 'button') {
    await ctx.restrictChatMember(id, { permissions: { can_send_messages: false } })
    const keyboard = Markup.inlineKeyboard([Markup.button.callback('I am human', `human:${id}`)])
    question = await ctx.reply(`${name}, tap the button within ${seconds} s.`, { ...reply, ...keyboard })
  } else {
    // The same for the same person, however often they come.
    const [a, b] = [1 + (id % 9), 1 + (Math.floor(id / 9) % 9)]
    answer = String(a + b)
    question = await ctx.reply(`${name}, how much is ${a} + ${b}? You have ${seconds} s.`, reply)
  }
  addCandidate.run(ctx.chat.id, id, question.message_id, answer, Date.now() + seconds * 1000)
}

async function welcome(ctx, { question_id: questionId, user_id: userId }) {
  await ctx.deleteMessage(questionId)
  await ctx.reply(settingsOf(ctx.chat.id).greeting.replace('$name', ctx.from.first_name))
  removeCandidate.run(ctx.chat.id, userId)
}

bot.action(/^human:(\d+)$/, async (ctx) => {
  if (ctx.from.id !== Number(ctx.match[1])) return ctx.answerCbQuery('This is not for you.', ALERT)
  const candidate = findCandidate.get(ctx.chat.id, ctx.from.id)
  if (!candidate) return ctx.answerCbQuery('Too late.')
  await ctx.answerCbQuery('Thank you')
  const { permissions } = await ctx.getChat()
  await ctx.restrictChatMember(ctx.from.id, { permissions })
  await welcome(ctx, candidate)
})

// Until the sum is right, nothing that a newcomer writes stays.
bot.on('message', async (ctx, next) => {
  const candidate = findCandidate.get(ctx.chat.id, ctx.from.id)
  if (!candidate?.answer) return next()
  await ctx.deleteMessage()
  if (ctx.text?.trim() === candidate.answer) await welcome(ctx, candidate)
})

// --- who did not answer ---------------------------------------------------------------------------------------------

async function sweep() {
  const now = Date.now()
  for (const late of leaseLate.all(now + LEASE_MS, now, now)) {
    const { group_id: groupId, user_id: userId, question_id: questionId } = late
    try {
      await bot.telegram.banChatMember(groupId, userId)
      await bot.telegram.unbanChatMember(groupId, userId)
      await bot.telegram.deleteMessage(groupId, questionId)
    } catch (error) {
      if (error.code !== 400 && error.code !== 403) throw error
      console.error(`${userId} in ${groupId}: ${error.description}`)
    }
    removeCandidate.run(groupId, userId)
  }
}

setInterval(() => sweep().catch(console.error), SWEEP_MS).unref()

bot.catch((error, ctx) => console.error(`${ctx.updateType} failed`, error))

bot.launch()
process.once('SIGINT', () => bot.stop('SIGINT'))
process.once('SIGTERM', () => bot.stop('SIGTERM'))

export default bot
