/** What a caller asks for beside the call itself: the headers that Telegram's Bot API does not know. */
import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { DeliveryClass } from '@chatlane/lanes'

/** The wishes of a caller. */
export interface CallHeaders {
  /** The hash of the `Idempotency-Key`: calls with the same are one. */
  keyDigest: string | undefined
  /** How urgent the call is: a reply, or behind all replies. */
  class: DeliveryClass
  /** False: the caller does not wait for Telegram's answer. */
  waits: boolean
}

/** The headers of a call, or what is wrong with them. */
export type ReadHeaders = { kind: 'read'; headers: CallHeaders } | { kind: 'wrong'; problem: string }

const CLASSES: Readonly<Record<string, DeliveryClass>> = { reply: 1, broadcast: 3 }
const LONGEST_KEY = 255
/** 144 bits: nobody meets another's by chance. */
const DIGEST_CHARACTERS = 24

/** Reads the headers; one that says nothing known is a problem, so that no typing error passes for a wish. */
export function readCallHeaders(headers: IncomingHttpHeaders): ReadHeaders {
  const priority = textOf(headers['chatlane-priority']) ?? 'reply'
  const deliveryClass = Object.hasOwn(CLASSES, priority) ? CLASSES[priority] : undefined
  if (deliveryClass === undefined) return wrong('Chatlane-Priority is reply or broadcast')
  const wait = textOf(headers['chatlane-wait'])
  if (wait !== undefined && wait !== '0') return wrong('Chatlane-Wait is 0, or left out')
  const key = textOf(headers['idempotency-key'])
  if (key !== undefined && (key === '' || key.length > LONGEST_KEY))
    return wrong(`Idempotency-Key has 1 to ${LONGEST_KEY} characters`)
  const keyDigest = key === undefined ? undefined : digestOf(key)
  return { kind: 'read', headers: { keyDigest, class: deliveryClass, waits: wait === undefined } }
}

function wrong(problem: string): ReadHeaders {
  return { kind: 'wrong', problem }
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, DIGEST_CHARACTERS)
}
