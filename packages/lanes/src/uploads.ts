/** Lets the process that holds a call's bytes send them: the outbox keeps the place, the sender says when. */
import { randomBytes } from 'node:crypto'
import { type RedisClient, sleep } from '@chatlane/runtime'
import type { Mailbox } from './mailbox.ts'
import type { Keys } from './names.ts'
import type { ChatName } from './outbox.ts'

/** What came of asking for an upload: `absent` where nobody took it up, `broken` where nobody said how it ended. */
export type UploadEnd = { kind: 'ended'; outcome: string } | { kind: 'absent' } | { kind: 'broken' }

/** The uploads that this sender asks for. */
export interface Uploads {
  /** Asks the holder of the call's bytes to send them now. */
  ask(chat: ChatName, callId: string): Promise<UploadEnd>
}

/** A living process answers at once; one that does not has died, or lost its connection. */
const TAKEN_WITHIN_MS = 1500
/** How long an upload may take. Telegram takes files of 50 MB; slow lines need minutes. */
export const UPLOAD_WITHIN_MS = 180_000

/** Uploads asked for through `mailbox`. */
export function createUploads(options: { redis: RedisClient; keys: Keys; mailbox: Mailbox }): Uploads {
  const { redis, keys, mailbox } = options
  const asked = new Map<string, { taken(): void; ended(outcome: string): void }>()
  mailbox.on('uploading', (ticket) => asked.get(ticket)?.taken())
  mailbox.on('uploaded', (text) => {
    const at = text.indexOf('|')
    asked.get(text.slice(0, at))?.ended(text.slice(at + 1))
  })
  return {
    async ask(chat, callId) {
      const holder = await redis.hget(keys.ofChat(chat, `call:${callId}`), 'w')
      if (!holder) return { kind: 'absent' }
      const ticket = randomBytes(9).toString('base64url')
      const taken = Promise.withResolvers<'taken'>()
      const ended = Promise.withResolvers<UploadEnd>()
      asked.set(ticket, {
        taken: () => taken.resolve('taken'),
        ended: (outcome) => ended.resolve({ kind: 'ended', outcome }),
      })
      const done = new AbortController()
      try {
        await mailbox.tell(
          holder,
          `upload|${chat.botId}:${chat.homeId}|${callId}|${mailbox.address}|${ticket}`,
        )
        const first = await Promise.race([taken.promise, ended.promise, sleep(TAKEN_WITHIN_MS, done.signal)])
        if (first === undefined) return { kind: 'absent' }
        const broken = sleep(UPLOAD_WITHIN_MS, done.signal).then((): UploadEnd => ({ kind: 'broken' }))
        return await Promise.race([ended.promise, broken])
      } finally {
        done.abort()
        asked.delete(ticket)
      }
    },
  }
}
