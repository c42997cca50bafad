/** Sends the bytes that this process holds, when a sender says so. */
import type { Log, RedisClient } from '@chatlane/runtime'
import type { Mailbox } from './mailbox.ts'
import type { Keys } from './names.ts'
import { scripts } from './scripts.ts'
import { ALIVE_EVERY_MS } from './uploads.ts'

/** A call whose bytes are held here. */
export interface HeldUpload {
  call: { chat: { botId: string; homeId: string }; delivery: { id: string }; upload?: () => Promise<string> }
  /** What was begun last: a sender that asks again while it runs, or after it went well, is told the same. */
  uploading?: Promise<string>
}

/** What serving needs. */
interface Parts {
  redis: RedisClient
  keys: Keys
  mailbox: Mailbox
  log: Log
}

/** Serves the senders that ask for an upload; `find` knows what is held, by `bot:home|id`. */
export function serveUploads(parts: Parts, find: (name: string) => HeldUpload | undefined): void {
  const { mailbox, log } = parts
  mailbox.on('upload', (text) => {
    const [chat = '', id = '', from = '', ticket = ''] = text.split('|', 4)
    const held = find(`${chat}|${id}`)
    if (!held) return
    serve(parts, held, { from, ticket }).catch((error) =>
      log.warn({ err: error, chat }, 'a sender could not be told of an upload'),
    )
  })
}

async function serve(
  { redis, keys, mailbox }: Parts,
  held: HeldUpload,
  { from, ticket }: { from: string; ticket: string },
): Promise<void> {
  const { chat, delivery } = held.call
  const key = keys.ofChat(chat, `call:${delivery.id}`)
  // Who heard too late uploads nothing: the sender has given this ticket up, or the call is another's or over by now.
  if ((await scripts.ticket(redis, [key], [ticket, mailbox.address])) === 0) return
  const tellAlive = () => void mailbox.tell(from, `uploading|${ticket}`).catch(() => undefined)
  tellAlive()
  const alive = setInterval(tellAlive, ALIVE_EVERY_MS)
  try {
    const outcome = await uploadOnce(held)
    await mailbox.tell(from, `uploaded|${ticket}|${outcome}`)
  } finally {
    clearInterval(alive)
  }
}

/** One upload of a call at a time; one that went well is not made again. */
function uploadOnce(held: HeldUpload): Promise<string> {
  const { upload } = held.call
  if (!upload) return Promise.reject(new Error('the call has no files'))
  held.uploading = held.uploading?.then((outcome) => (isDone(outcome) ? outcome : upload())) ?? upload()
  return held.uploading
}

function isDone(outcome: string): boolean {
  return (JSON.parse(outcome) as { kind?: unknown }).kind === 'ok'
}
