/**
 * `node test/bench/broadcast-memory.ts [minutes = 5] [recipients = 2000000]`: whether the sender's memory stays flat
 * during a paid broadcast to millions, and what a recipient takes in Redis. Longer than a benchmark should be: it is no
 * part of `pnpm bench`.
 */
import { startRedisServer } from '@chatlane/embedded-redis'
import { openBroadcasts } from './broadcasts.ts'
import { redisBytes, residentMiB, slopeOf } from './memory-of.ts'
import { startSenderUnderTest } from './sender-under-test.ts'
import { median } from './table.ts'

const minutes = Number(process.argv[2] ?? 5)
const recipients = Number(process.argv[3] ?? 2_000_000)
const SAMPLE_MS = 10_000
/** The heap finds its size, and code its form, before the slope means anything. */
const SETTLING_SAMPLES = 6

const server = await startRedisServer({ args: ['--appendonly', 'no'] })
try {
  const telegram = { unknownChats: 'accept', answerDelayMs: [20, 60] } as const
  const sender = await startSenderUnderTest({ url: server.url, telegram })
  const { redis, keys, createPaid, broadcasts, close } = openBroadcasts(server.url)
  const before = await redisBytes(redis)
  const { id, botId } = await createPaid(recipients)
  const list = `${keys.bot(botId)}:bc:${id}:list`
  const keyBytes = await listBytes(list)
  const whole = (await redisBytes(redis)) - before
  const from = await sender.spent()
  const rssMiB: number[] = []
  console.log('| seconds | sent | per second | sender, MiB | Redis, MiB |\n| --- | --- | --- | --- | --- |')
  let last = from
  for (let n = 1; n <= (minutes * 60_000) / SAMPLE_MS; n++) {
    await new Promise((resolve) => setTimeout(resolve, from.atMs + n * SAMPLE_MS - performance.now()))
    const now = await sender.spent()
    const rss = residentMiB(sender.pid)
    rssMiB.push(rss)
    const perSecond = ((now.posted - last.posted) / (now.atMs - last.atMs)) * 1000
    const redisMiB = (await redisBytes(redis)) / 1024 / 1024
    const cells = [(now.atMs - from.atMs) / 1000, now.posted, perSecond].map((cell) => cell.toFixed(0))
    console.log(`| ${[...cells, rss.toFixed(1), redisMiB.toFixed(1)].join(' | ')} |`)
    last = now
  }
  const status = await broadcasts.status(id)
  const calls = last.posted - from.posted
  const seconds = (last.atMs - from.atMs) / 1000
  const settled = rssMiB.slice(SETTLING_SAMPLES)
  const perMinute = 60_000 / SAMPLE_MS
  const peaks = Array.from({ length: Math.ceil(rssMiB.length / perMinute) }, (_, n) =>
    Math.max(...rssMiB.slice(n * perMinute, (n + 1) * perMinute)).toFixed(0),
  )
  const kibPerMinute = slopeOf(settled) * 1024 * perMinute
  const mib = (value: number | undefined) => `${value?.toFixed(1)} MiB`
  console.log(`
| of a broadcast to ${recipients.toLocaleString('en')} chats in ${minutes} minutes | |
| --- | --- |
| sent, a second | ${(calls / seconds).toFixed(0)} |
| failed, unknown, over Telegram's limits | ${status?.failed}, ${status?.unknown}, ${last.overLimit} |
| sender's memory: first, last, most | ${mib(rssMiB[0])}, ${mib(rssMiB.at(-1))}, ${mib(Math.max(...rssMiB))} |
| most in each minute | ${peaks.join(', ')} MiB |
| after the first minute: median, slope | ${mib(median(settled))}, ${kibPerMinute.toFixed(0)} KiB a minute |
| Redis, for each recipient: list, all | ${(keyBytes / recipients).toFixed(1)}, ${(whole / recipients).toFixed(1)} bytes |
| CPU for each recipient: sender, Redis | ${((last.senderMicros - from.senderMicros) / calls).toFixed(0)}, ${((last.redisMicros - from.redisMicros) / calls).toFixed(0)} µs |`)
  await broadcasts.stop(id)
  await close()
  await sender.end()

  async function listBytes(key: string): Promise<number> {
    const bytes = await redis.memory('USAGE', key, 'SAMPLES', '0')
    if (bytes === null) throw new Error('the list of the broadcast is not where it was')
    return bytes
  }
} finally {
  await server.stop()
}
