// A bot that sends a picture between two texts; what it is told names the source, or an album of three.
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { Telegraf } from 'telegraf'

const { PICTURE_FILE, PICTURE_URL } = process.env
const SOURCES = {
  buffer: () => readFile(PICTURE_FILE),
  path: () => PICTURE_FILE,
  stream: () => createReadStream(PICTURE_FILE),
  download: async () => Readable.fromWeb((await fetch(PICTURE_URL)).body),
}

const bot = new Telegraf(process.env.TELEGRAM_BOT_TOKEN)
bot.hears('album', async (ctx) => {
  const media = [await SOURCES.buffer(), SOURCES.path(), SOURCES.stream()]
  const album = media.map((source) => ({ type: 'photo', media: { source } }))
  await Promise.all([ctx.reply('before'), ctx.replyWithMediaGroup(album), ctx.reply('after')])
})
bot.hears(Object.keys(SOURCES), async (ctx) => {
  const source = await SOURCES[ctx.message.text]()
  // None waits for the one before it: what comes after the picture is in the outbox while the picture is on its way.
  await Promise.all([ctx.reply('before'), ctx.replyWithPhoto({ source }), ctx.reply('after')])
})
bot.launch()

export default bot
