// A quiz for groups: who wants to play joins, a round ends when all have answered or its time is over.
const { Markup, session, Telegraf } = require('telegraf')
// The first answer is the right one; they are shown in alphabetical order.
const QUESTIONS = require('./questions.json')
const store = require('./store.js')

const TICK_MS = 300
const SHOWN_AGAIN_MS = 5000

const questionOf = (game, round) => QUESTIONS[(game.id + round) % QUESTIONS.length]
const boardText = (rows) => rows.map(({ name, points }, at) => `${at + 1}. ${name}: ${points}`).join('\n')

const bot = new Telegraf(process.env.BOT_TOKEN || process.env.TELEGRAM_BOT_TOKEN, {
  telegram: { apiRoot: process.env.TELEGRAM_API_ROOT },
})

// One session for a whole chat: its settings.
bot.use(
  session({
    getSessionKey: (ctx) => ctx.chat && String(ctx.chat.id),
    defaultSession: () => ({ rounds: 3, seconds: 20 }),
  }),
)

// --- a game is one message, which is edited -------------------------------------------------------------------------

function lobby(game) {
  const names = store.playersOf.all(game.id).map(({ name }) => name)
  const about = `${game.host} wants a quiz: ${game.rounds} questions, ${game.seconds} s each.`
  const keyboard = Markup.inlineKeyboard([
    Markup.button.callback('✋ Join', `join:${game.id}`),
    Markup.button.callback('▶️ Start', `start:${game.id}`, names.length === 0),
  ])
  return [`🎲 ${about}\nPlayers: ${names.join(', ') || 'nobody yet'}`, keyboard]
}

function verdict(game, round) {
  const right = store.answersOf.all(game.id, round).filter(({ is_right: isRight }) => isRight)
  const names = right.map(({ name }) => name).sort()
  return `✅ ${questionOf(game, round)[1]} (${names.join(', ') || 'nobody'} knew)`
}

function stand(game) {
  if (game.round === 0) return lobby(game)
  const before = game.round > 1 ? `${verdict(game, game.round - 1)}\n\n` : ''
  if (game.round > game.rounds) {
    return [`🏁 The quiz is over.\n\n${boardText(store.gameBoard.all(game.id)) || 'Nobody has played.'}`]
  }
  const [text, ...choices] = questionOf(game, game.round)
  const button = (choice) => Markup.button.callback(choice, `is:${game.id}:${game.round}:${choice}`)
  const keyboard = Markup.inlineKeyboard(choices.sort().map(button), { columns: 2 })
  return [`${before}❓ ${game.round} of ${game.rounds}: ${text}`, keyboard]
}

async function show(id) {
  const game = store.findGame.get(id)
  try {
    await bot.telegram.editMessageText(game.chat_id, game.message_id, undefined, ...stand(game))
  } catch (error) {
    // It shows that already, or is gone.
    if (error.code !== 400 && error.code !== 403) throw error
  }
  store.setShown.run(game.id, game.round)
}

// --- what people do -------------------------------------------------------------------------------------------------

bot.command(['seconds', 'rounds'], async (ctx) => {
  const number = Number(ctx.payload)
  if (!(number >= 1 && number <= 3600)) return ctx.reply(`It is ${ctx.session[ctx.command]} now.`)
  ctx.session[ctx.command] = number
  await ctx.reply(`All right: ${ctx.session.rounds} rounds of ${ctx.session.seconds} s.`)
})

bot.command('quiz', async (ctx) => {
  const { rounds, seconds } = ctx.session
  if (store.openGame.get(ctx.chat.id, ctx.msgId)) return ctx.reply('One quiz at a time.')
  store.addGame.run(ctx.chat.id, ctx.msgId, ctx.from.id, ctx.from.first_name, rounds, seconds)
  const game = store.askedGame.get(ctx.chat.id, ctx.msgId)
  await ctx.reply(...lobby(game))
})

bot.command('score', (ctx) =>
  ctx.reply(boardText(store.chatBoard.all(ctx.chat.id)) || 'Nobody has played here.'),
)

bot.action(/^join:(\d+)$/, async (ctx) => {
  const game = store.findGame.get(Number(ctx.match[1]))
  if (game.round > 0) return ctx.answerCbQuery('It has begun already.')
  store.addPlayer.run(game.id, ctx.from.id, ctx.from.first_name)
  store.setMessage.run(ctx.msgId, game.id)
  await show(game.id)
  await ctx.answerCbQuery('You are in')
})

bot.action(/^start:(\d+)$/, async (ctx) => {
  const game = store.findGame.get(Number(ctx.match[1]))
  if (ctx.from.id !== game.host_id) return ctx.answerCbQuery(`${game.host} starts it.`, { show_alert: true })
  store.toRound.run(1, Date.now() + game.seconds * 1000, Date.now(), game.id, 0)
  await show(game.id)
  await ctx.answerCbQuery()
})

bot.action(/^is:(\d+):(\d+):(.+)$/, async (ctx) => {
  const [id, round, choice] = [Number(ctx.match[1]), Number(ctx.match[2]), ctx.match[3]]
  const game = store.findGame.get(id)
  const players = store.playersOf.all(id)
  if (!players.some((player) => player.user_id === ctx.from.id)) {
    return ctx.answerCbQuery('You have not joined this quiz.', { show_alert: true })
  }
  if (game.round === round)
    store.addAnswer.run(id, round, ctx.from.id, choice, Number(choice === questionOf(game, round)[1]))
  const given = store.findAnswer.get(id, round, ctx.from.id)?.choice
  if (given === choice) await ctx.answerCbQuery(`Your answer: ${choice}`)
  else await ctx.answerCbQuery(given ? `You have said ${given}.` : 'Too late.')
  if (store.answersOf.all(id, round).length === players.length) store.endRound.run(id, round)
})

// --- time -----------------------------------------------------------------------------------------------------------

// Any process may end a round: the one whose UPDATE found the old round does. One that dies before it has shown the
// new one is stood in for.
async function tick() {
  const now = Date.now()
  for (const game of store.dueGames.all(now)) {
    const isIdle = store.answersOf.all(game.id, game.round).length === 0
    const next = isIdle ? game.rounds + 1 : game.round + 1
    const { changes } = store.toRound.run(next, now + game.seconds * 1000, now, game.id, game.round)
    if (changes > 0) await show(game.id)
  }
  for (const game of store.takeUnshown.all(now, now - SHOWN_AGAIN_MS)) await show(game.id)
}

setInterval(() => tick().catch(console.error), TICK_MS).unref()

bot.catch((error, ctx) => console.error(`${ctx.updateType} failed`, error))

bot.launch()
process.once('SIGINT', () => bot.stop('SIGINT'))
process.once('SIGTERM', () => bot.stop('SIGTERM'))

module.exports = bot
