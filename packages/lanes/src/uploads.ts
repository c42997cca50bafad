/** Lets the process that holds a call's bytes send them: the outbox keeps the place, the sender says when. */
import { randomBytes } from 'node:crypto'
import { type RedisClient, type Running, sleep } from '@chatlane/runtime'
import type { Mailbox } from './mailbox.ts'
import type { Keys } from './names.ts'
import type { ChatName } from './outbox.ts'
import { scripts } from './scripts.ts'

/** What came of asking for an upload: `absent` where nobody took it up, `broken` where nobody said how it ended. */
export type UploadEnd = { kind: 'ended'; outcome: string } | { kind: 'absent' } | { kind: 'broken' }

/** The uploads that this sender asks for. `stop` ends those under way as broken: whoever comes next asks again. */
export interface Uploads extends Running {
  /** Asks the holder of the call's bytes to send them now. `onAlive` is called every few seconds while it does. */
  ask(chat: ChatName, callId: string, onAlive: () => void): Promise<UploadEnd>
}

/** So often does the holder say that it is at it. */
export const ALIVE_EVERY_MS = 3000
/** A living process answers at once; one that does not has died, or lost its connection. */
const TAKEN_WITHIN_MS = 1500
/** A holder that is silent for so long has died. */
const SILENT_MS = 10_000

/** What was heard of a ticket and not looked at yet. */
interface Heard {
  outcome?: string
  isAlive: boolean
  ring(): void
}

/** Uploads asked for through `mailbox`. */
export function createUploads(options: { redis: RedisClient; keys: Keys; mailbox: Mailbox }): Uploads {
  const { redis, keys, mailbox } = options
  const asked = new Map<string, Heard>()
  const stopping = new AbortController()
  mailbox.on('uploading', (ticket) => {
    const heard = asked.get(ticket)
    if (!heard) return
    heard.isAlive = true
    heard.ring()
  })
  mailbox.on('uploaded', (text) => {
    const at = text.indexOf('|')
    const heard = asked.get(text.slice(0, at))
    if (!heard) return
    heard.outcome = text.slice(at + 1)
    heard.ring()
  })
  /** Resolves when something was heard, or nothing for so long. */
  const hear = async (heard: Heard, withinMs: number): Promise<'outcome' | 'alive' | 'nothing'> => {
    if (heard.outcome === undefined && !heard.isAlive) {
      const rung = new AbortController()
      heard.ring = () => rung.abort()
      await sleep(withinMs, AbortSignal.any([rung.signal, stopping.signal]))
    }
    if (heard.outcome !== undefined) return 'outcome'
    if (!heard.isAlive) return 'nothing'
    heard.isAlive = false
    return 'alive'
  }
  return {
    async ask(chat, callId, onAlive) {
      const key = keys.ofChat(chat, `call:${callId}`)
      const holder = await redis.hget(key, 'w')
      if (!holder) return { kind: 'absent' }
      const ticket = randomBytes(9).toString('base64url')
      const heard: Heard = { isAlive: false, ring: () => undefined }
      asked.set(ticket, heard)
      try {
        const name = `${chat.botId}:${chat.homeId}|${callId}`
        await mailbox.tell(holder, `upload|${name}|${mailbox.address}|${ticket}`)
        let what = await hear(heard, TAKEN_WITHIN_MS)
        // Whoever is first decides whether the holder still begins.
        if (what === 'nothing' && (await scripts.ticket(redis, [key], [ticket, ''])) === 1)
          return { kind: 'absent' }
        if (what === 'nothing') what = 'alive'
        while (what === 'alive') {
          onAlive()
          what = await hear(heard, SILENT_MS)
        }
        return heard.outcome === undefined ? { kind: 'broken' } : { kind: 'ended', outcome: heard.outcome }
      } finally {
        // What was written of the ticket stays with the call: its holder may hear of it later than ever.
        asked.delete(ticket)
      }
    },
    async stop() {
      stopping.abort()
    },
  }
}
