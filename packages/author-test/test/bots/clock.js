// A bot that works by the clock.
import { appendFile } from 'node:fs/promises'
import { schedule } from 'chatlane'
import { Telegraf } from 'telegraf'

const { RUNS_FILE, READER, STEP_MS = '0' } = process.env
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
let lamps = 0

schedule('new year', '0 0 1 1 *', async ({ telegram }) => {
  await appendFile(RUNS_FILE, 'run\n')
  await telegram.sendMessage(READER, 'the old year')
  // The worker is killed in here.
  await wait(Number(STEP_MS))
  await telegram.sendMessage(READER, 'the new year')
})
schedule('eclipse', '0 0 1 1 *', async ({ telegram }) => {
  await appendFile(RUNS_FILE, 'run\n')
  await telegram.sendMessage(READER, 'it is dark')
  throw new Error('the sun is late')
})
schedule('dusk', '0 0 1 1 *', async ({ telegram }) => {
  lamps++
  if (lamps === 1) throw new Error('the first lamp broke')
  await telegram.sendMessage(READER, `lamp ${lamps}`)
})

export default new Telegraf(process.env.TELEGRAM_BOT_TOKEN)
