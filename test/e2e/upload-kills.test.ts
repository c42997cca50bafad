import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request as requestTo, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readTally } from '@chatlane/runtime'
import { type Latch, latch, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { heldWork } from './held-work.ts'
import type { ServiceName } from './service-process.ts'
import { openStack } from './stack.ts'

const BOT_FILE = fileURLToPath(new URL('bots/uploads.mjs', import.meta.url))
const DOT_FILE = fileURLToPath(new URL('bots/dot.png', import.meta.url))
/** Far more than one read of a socket brings. */
const PICTURE_BYTES = 1_000_000
/** Who holds the bytes is dead after 10 s of silence, and what it sent may arrive for 16 s more. */
const LONG_MS = 60_000

const ONCE = ['before', 'photo', 'after']
const TWICE = ['before', 'photo', 'photo', 'after']
const ALBUM = ['before', 'photo', 'photo', 'photo', 'after']

/** An upload that is struck, in a chat of its own. */
interface Upload {
  says: 'buffer' | 'path' | 'stream' | 'download' | 'album'
  /**
   * `midway`: Telegram has a part of its body. `answered`: it is posted, and the answer on its way. `waiting`: the outbox
   * has it behind a text that Telegram holds back. `read`: its stream has not ended yet. `later`: the test begins it.
   */
  at: 'midway' | 'answered' | 'waiting' | 'read' | 'later'
  /** What the chat sees in the end. */
  shown: string[]
}

test('the uploads of a killed worker are made by the next one: once, or once more and counted', async () => {
  const { begin, start, judge, repeated, line, say, sees } = await openBot({
    11: { says: 'buffer', at: 'midway', shown: ONCE },
    12: { says: 'path', at: 'midway', shown: ONCE },
    13: { says: 'stream', at: 'midway', shown: ONCE },
    14: { says: 'album', at: 'midway', shown: ALBUM },
    15: { says: 'buffer', at: 'answered', shown: TWICE },
    16: { says: 'path', at: 'waiting', shown: ONCE },
    17: { says: 'download', at: 'read', shown: ONCE },
    18: { says: 'buffer', at: 'later', shown: [...ONCE, ...ONCE] },
  })
  const worker = await start('worker')
  await begin()
  await start('worker')
  await worker.kill()
  // The next one has an upload that lasts longer than any call that sends no file.
  const slow = line.hold(18)
  say(18, 'buffer')
  await slow.begun
  await sees([11, 12, 13, 14, 15, 16, 17])
  // What it was granted still counts when it arrives: not too much follows it.
  say(18, 'buffer')
  slow.goOn()
  await judge()
  // Each that had begun: whether it was whole at Telegram nobody could learn.
  expect(await repeated()).toBe(5)
  expect(line.downloads()).toBe(2)
}, 120_000)

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  'a sender struck by %s leaves its uploads to the next one, which is told what the first would have been',
  async (signal) => {
    const { begin, start, judge, repeated, held, asked, senders } = await openBot({
      11: { says: 'buffer', at: 'midway', shown: ONCE },
      12: { says: 'stream', at: 'midway', shown: ONCE },
      13: { says: 'album', at: 'midway', shown: ALBUM },
      14: { says: 'path', at: 'waiting', shown: ONCE },
    })
    await Promise.all([start('worker'), start('worker')])
    await begin()
    const sender = await until(async () => {
      const counts = await Promise.all(senders.map(heldWork))
      return senders[counts.findIndex((count) => count > 0)]
    })
    sender.child.kill(signal)
    // One ends while nobody waits for it, the others when the next sender does.
    held(11).goOn()
    await until(async () => (await asked(12)) === 2 && (await asked(13)) === 2)
    held(12).goOn()
    held(13).goOn()
    await judge()
    expect(await repeated()).toBe(3)
    if (signal === 'SIGKILL') return
    sender.child.kill('SIGCONT')
    const late = () => sender.lines.filter((line) => line.includes('another sender took over'))
    await until(() => late().length === 3)
    await judge()
  },
  120_000,
)

test('a worker that was frozen in mid-upload posts nothing that is not counted when it goes on', async () => {
  const { begin, start, judge, repeated, held, holder, telegram, say, sees, shown } = await openBot({
    // Asked for while the worker is frozen: it hears of that when all is over and forgotten.
    11: { says: 'path', at: 'waiting', shown: [...ONCE, ...ONCE] },
    12: { says: 'buffer', at: 'midway', shown: TWICE },
    13: { says: 'buffer', at: 'midway', shown: [...ONCE, 'photo'] },
  })
  const frozen = await start('worker')
  await begin()
  const address = await holder(12)
  frozen.child.kill('SIGSTOP')
  const other = await start('worker')
  await sees([11])
  await until(async () => (await holder(11)) === null)
  await until(async () => ![await holder(12), await holder(13)].includes(address))
  frozen.child.kill('SIGCONT')
  // One arrives before it is repeated, one when all is over.
  held(12).goOn()
  await sees([12, 13])
  held(13).goOn()
  await telegram.waitUntil(() => shown(13).length === 4, LONG_MS)
  expect(await repeated()).toBe(2)
  // What the frozen one makes now comes behind all that it had been asked for.
  await other.kill()
  say(11, 'path')
  await judge()
}, 120_000)

/** An upload that stands on the line. */
interface Held {
  begun: Promise<void>
  goOn(): void
}

/** Telegram, behind a line that a test can hold in the middle of an upload, and with a picture to be downloaded. */
async function openLine(telegramUrl: string, picture: Buffer) {
  const stops = new Map<number | 'picture', { begun: Latch; goOn: Latch }>()
  let downloads = 0
  const stopAt = async (what: number | 'picture') => {
    const stop = stops.get(what)
    stops.delete(what)
    stop?.begun.open()
    await stop?.goOn.opened
  }
  const sendPicture = async (response: ServerResponse) => {
    downloads++
    response.write(picture.subarray(0, 1000))
    await stopAt('picture')
    response.end(picture.subarray(1000))
  }
  const passOn = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', headers, url } = request
    const further = requestTo(`${telegramUrl}${url}`, { method, headers })
    further.on('error', () => response.destroy())
    further.on('response', (answer) =>
      answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers)),
    )
    // Who dies hangs up.
    response.on('close', () => further.destroy())
    let head = ''
    for await (const bytes of request as AsyncIterable<Buffer>) {
      await new Promise((resolve) => further.write(bytes, resolve))
      head = (head + bytes.toString('latin1')).slice(0, 1000)
      const chat = /name="chat_id"\r\n\r\n(\d+)\r\n/.exec(head)?.[1]
      if (chat !== undefined && !request.complete) await stopAt(Number(chat))
    }
    further.end()
  }
  const server = createServer((request, response) => {
    const served = request.url === '/picture' ? sendPicture(response) : passOn(request, response)
    served.catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The next upload to the chat, or the next download of the picture, stops midway. */
    hold(what: number | 'picture'): Held {
      const stop = { begun: latch(), goOn: latch() }
      stops.set(what, stop)
      return { begun: stop.begun.opened, goOn: () => stop.goOn.open() }
    },
    /** How often the picture was asked for. */
    downloads: () => downloads,
  }
}

async function openBot(uploads: Record<number, Upload>) {
  const picture = Buffer.concat([await readFile(DOT_FILE), Buffer.alloc(PICTURE_BYTES)])
  const folder = await mkdtemp(join(tmpdir(), 'chatlane-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const pictureFile = join(folder, 'picture.png')
  await writeFile(pictureFile, picture)
  const stack = await openStack({})
  const { telegram } = stack
  const { redis, prefix } = stack.redis
  const line = await openLine(telegram.url, picture)
  const start = (name: ServiceName) =>
    stack.start(name, {
      HANDLERS: BOT_FILE,
      ASSISTANT: 'off',
      MERGE_WINDOW_MS: '0',
      PICTURE_FILE: pictureFile,
      PICTURE_URL: `${line.url}/picture`,
      ...(name === 'worker' && { TELEGRAM_API_ROOT: line.url }),
    })
  const [, ...senders] = await Promise.all([start('gateway'), start('sender'), start('sender')])
  const chats = Object.entries(uploads).map(([chat, upload]) => ({ chat: Number(chat), ...upload }))
  for (const { chat } of chats) telegram.phone.createUser({ id: chat })
  const held = new Map<number, Held>()
  const messages = (chat: number) => telegram.messages(chat).filter(({ by }) => by === 'bot')
  const shown = (chat: number) =>
    messages(chat).map(({ message }) => (message.photo ? 'photo' : (message.text ?? '')))
  const say = (from: number, text: string) => telegram.phone.sendText({ from, text })
  const keyOfUpload = async (chat: number) => {
    const calls = await redis.keys(`${prefix}:{s0}:call:*:7001:${chat}`)
    return calls.find((key) => !key.includes('.sendmessage.')) ?? ''
  }
  const begin = async ({ chat, says, at }: Upload & { chat: number }) => {
    const fault = { chatId: chat, delayMs: 2 ** 30, retryAfterSeconds: 3 }
    if (at === 'later') return
    if (at === 'midway') held.set(chat, line.hold(chat))
    if (at === 'read') held.set(chat, line.hold('picture'))
    if (at === 'answered') telegram.addFault({ ...fault, kind: 'delay', method: 'sendPhoto', after: true })
    if (at === 'waiting') telegram.addFault({ ...fault, kind: 'flood', method: 'sendMessage' })
    say(chat, says)
    await held.get(chat)?.begun
    if (at === 'answered') await telegram.waitUntil(() => shown(chat).includes('photo'), LONG_MS)
    if (at === 'waiting') await until(() => redis.exists(`${prefix}:{b7001}:frozen:${chat}`))
    // What comes after it waits in the outbox behind it; what is read has no place there yet.
    if (at !== 'read') await until(async () => (await redis.zcard(`${prefix}:{s0}:out:7001:${chat}`)) > 1)
  }
  return {
    telegram,
    line,
    senders,
    start,
    say,
    shown,
    /** Resolves when the text that comes after an upload has come in each of the chats. */
    sees: (those: number[]) =>
      telegram.waitUntil(() => those.every((chat) => shown(chat).includes('after')), LONG_MS),
    /** Resolves when each upload is where it is to be struck. */
    begin: () => Promise.all(chats.map(begin)),
    held: (chat: number) => held.get(chat) as Held,
    /** Whose mailbox is asked for the chat's upload; null once its call is forgotten. */
    holder: async (chat: number) => redis.hget(await keyOfUpload(chat), 'w'),
    /** How often the chat's upload was asked for. */
    async asked(chat: number) {
      const fields = await redis.hkeys(await keyOfUpload(chat))
      return fields.filter((field) => field.startsWith('t:')).length
    },
    async repeated() {
      const tally = await readTally(redis, [`${prefix}:{s0}:tally`])
      return tally.get('chatlane_deliveries_repeated_total{bot="7001"}') ?? 0
    },
    /** What the chats see in the end, what it cost, and what it leaves behind. */
    async judge() {
      const isEnough = (upload: (typeof chats)[number]) => shown(upload.chat).length >= upload.shown.length
      await telegram.waitUntil(() => chats.every(isEnough), LONG_MS)
      await until(async () => (await redis.keys(`${prefix}:*:journal:*`)).length === 0)
      expect(chats.map(({ chat }) => shown(chat))).toEqual(chats.map((upload) => upload.shown))
      for (const { message } of chats.flatMap(({ chat }) => messages(chat))) {
        const [size] = (message.photo ?? []) as { file_id: string }[]
        if (size) expect(telegram.file(size.file_id)?.bytes.equals(picture)).toBe(true)
      }
      const [ledger] = telegram.ledger().bots
      expect(ledger?.overLimit).toEqual({ bot: 0, paid: 0, private: 0, group: 0, actions: 0 })
      // Calls are forgotten with the turn that made them, with all that was written of them.
      expect(await redis.keys(`${prefix}:*:call:*`)).toEqual([])
    },
  }
}
