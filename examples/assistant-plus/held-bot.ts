// For bot.test.ts: the bot, whose every update does all of its work and then never ends. Its worker is killed there.
import bot, { type PlusContext } from './bot.ts'

export default async (ctx: PlusContext, next: () => Promise<void>) => {
  await bot.middleware()(ctx, next)
  if (!ctx.lane.rerun) await new Promise(() => undefined)
}
