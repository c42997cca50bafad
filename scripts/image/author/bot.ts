// An author's folder for the proof: TypeScript, node_modules of its own, a data folder beside the code. Each answer tells
// how often the chat has written, which container answered, and whose Telegraf it was.
import { appendFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { hostname } from 'node:os'
// biome-ignore lint/correctness/noUndeclaredDependencies: it is there wherever handlers run
import { type LaneContext, schedule } from 'chatlane'
import dayjs from 'dayjs'
import { session, Telegraf } from 'telegraf'

interface Talk extends LaneContext {
  session: { count: number }
}

mkdirSync('./data', { recursive: true })
const bot = new Telegraf<Talk>(process.env.BOT_TOKEN ?? '')
schedule('new year', '0 0 1 1 *', () => undefined)

bot.use(session({ defaultSession: () => ({ count: 0 }) }))
bot.on('text', async (ctx) => {
  ctx.session.count += 1
  const year = await ctx.lane.once('year', () => dayjs('2026-01-01').year())
  appendFileSync('./data/log.txt', `${ctx.from.id} ${ctx.session.count}\n`)
  const telegraf = createRequire(import.meta.url).resolve('telegraf')
  await ctx.reply(`#${ctx.session.count} ${hostname()} ${year} ${telegraf}`)
})

export default bot
