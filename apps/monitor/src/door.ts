/** Who may see the board: who knows the password, or, where there is none, who sits at this machine. */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Log } from '@chatlane/runtime'
import { isLoopback } from '@chatlane/runtime'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createFailedTries } from './failed-tries.ts'

/** What opens the door. */
export interface DoorOptions {
  user: string
  /** None: no authentication; the server listens on loopback only. */
  password: string | undefined
  log: Log
}

/** Guards every route that is added to `server`: 401 without the password, 429 after too many wrong ones. */
export function addDoor(server: FastifyInstance, options: DoorOptions): void {
  server.addHook('onRequest', refuseOtherOrigins)
  server.addHook(
    'onRequest',
    options.password ? askPassword({ ...options, password: options.password }) : refuseOtherHosts,
  )
}

function askPassword(options: DoorOptions & { password: string }) {
  const isRight = createComparison(`${options.user}:${options.password}`)
  const tries = createFailedTries()
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const given = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (given === undefined) return ask(reply)
    const waitSeconds = tries.waitSeconds(request.ip)
    if (waitSeconds > 0) {
      return reply.code(429).header('retry-after', waitSeconds).send({ error: 'too many wrong passwords' })
    }
    if (isRight(Buffer.from(given, 'base64'))) return
    tries.note(request.ip)
    options.log.warn({ address: request.ip }, 'a wrong password')
    return ask(reply)
  }
}

function ask(reply: FastifyReply) {
  const challenge = 'Basic realm="Chatlane monitor", charset="UTF-8"'
  return reply.code(401).header('www-authenticate', challenge).send({ error: 'user and password, please' })
}

/** Compares in constant time, whatever the length: the digests are equally long. */
function createComparison(expected: string): (given: Buffer) => boolean {
  const key = randomBytes(32)
  const digest = (value: string | Buffer) => createHmac('sha256', key).update(value).digest()
  const right = digest(expected)
  return (given) => timingSafeEqual(digest(given), right)
}

/** A browser remembers the password, so a foreign page could use it; but its requests tell where they come from. */
async function refuseOtherOrigins(request: FastifyRequest, reply: FastifyReply) {
  const { origin } = request.headers
  if (origin === undefined || request.headers['sec-fetch-site'] === 'same-origin') return
  if (URL.canParse(origin) && new URL(origin).host === request.host) return
  return reply.code(403).send({ error: 'a request of another site' })
}

/** Without a password a foreign site could point its own name at loopback (DNS rebinding); its name gives it away. */
async function refuseOtherHosts(request: FastifyRequest, reply: FastifyReply) {
  if (isLoopback(request.hostname)) return
  return reply.code(403).send({ error: 'without MONITOR_PASSWORD only this machine may look, as localhost' })
}
