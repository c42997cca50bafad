// A bot that works by the clock, in lanes of its own.
import { schedule } from 'chatlane'

schedule('tick', '* * * * * *', async ({ telegram }) => {
  await telegram.sendMessage(Number(process.env.TICK_CHAT), 'tick')
})

/** One lane for each user of a group. */
export const lane = (update) =>
  update.message?.chat.type === 'private' ? undefined : String(update.message?.from.id)

export default async (ctx, next) => {
  if (ctx.message?.text === 'wait for me') {
    await ctx.reply('waiting')
    await new Promise((resolve) => setTimeout(resolve, Number(process.env.WAIT_MS ?? 0)))
    return ctx.reply('waited')
  }
  if (ctx.message?.text) return ctx.reply(`${process.env.BOT_NAME ?? 'bot'} ${ctx.me}: ${ctx.message.text}`)
  return next()
}
