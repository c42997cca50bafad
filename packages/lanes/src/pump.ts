/** The pump of one bot: asks for grants, makes the calls, notes what became of them. One process pumps a bot at a time. */
import { randomBytes } from 'node:crypto'
import { type Log, sleep } from '@chatlane/runtime'
import { Bell } from './bell.ts'
import type { Recipients } from './broadcast-recipients.ts'
import { type Budget, type Grant, type GrantUse, itemsOfGrant } from './budget.ts'
import { NewerFormatError } from './format.ts'
import type { AttemptResult, Outbox } from './outbox.ts'
import { callRecipient, RECIPIENTS } from './recipient-call.ts'
import type { Outgoing, SendOutcome } from './send.ts'

/** What a pump needs. */
export interface PumpParts {
  botId: string
  budget: Budget
  outbox: Outbox
  recipients: Recipients
  log: Log
  /** Makes the call. A throw counts as `unknown`: the request may have left. */
  send(outgoing: Outgoing): Promise<SendOutcome>
  /**
   * Keeps a delivery whose outcome stayed unknown too often, or that was refused for what it is; answers what is told to
   * the one who waits for it. Safe to repeat.
   */
  park(
    outgoing: Omit<Outgoing, 'handOver' | 'view'>,
    reason: string,
  ): Promise<{ answer?: string } | undefined>
  /** Calls `heard` for every message on the channel until the returned function is called. */
  listen(channel: string, heard: () => void): Promise<() => Promise<void>>
}

const LEASE_MS = 5000
const RENEW_MS = 1500
/** As many as the client of the Bot API has connections: a bot's calls a second are these by the time of an answer. */
const MOST_UNDER_WAY = 256
/** Recipients of broadcasts leave slots free: a reply does not wait for their answers. */
const MOST_RECIPIENTS_UNDER_WAY = 192
/** A grant older than this is thrown away: its place in the window may be another's by now. */
const GRANT_MS = 1000
/** How long a pump without work waits before it ends. */
const IDLE_MS = 2000
/** How long a chat is held back after an error that nothing expected. */
const SURPRISED_MS = 2000
/** So often is an outcome noted anew before it counts as unknown: a failover takes seconds. */
const NOTE_TRIES = 20
/** How long a pump trusts that it would have been told. */
const UNTOLD_MS = 500

/**
 * Pumps until there is nothing to do (`idle`), another holds the bot (`held`, `lost`), or `signal` aborts (`stopped`).
 * Rejects with a NewerFormatError where a delivery is for a newer release.
 */
export async function runPump(
  parts: PumpParts,
  signal: AbortSignal,
): Promise<'idle' | 'held' | 'lost' | 'stopped'> {
  const { budget } = parts
  const token = randomBytes(9).toString('base64url')
  if ((await budget.lease(token, LEASE_MS)) === 'held') return 'held'
  const state: Loop['state'] = { underWay: 0, recipientsUnderWay: 0, lost: false, bell: new Bell() }
  const renewal = setInterval(() => {
    budget.lease(token, LEASE_MS).then(
      (lease) => {
        // 'taken' means that it had run out: what this pump had granted is ready again, and its grants are stale.
        if (lease === 'held') state.lost = true
      },
      (error: Error) => parts.log.warn({ err: error }, "a pump's lease could not be prolonged"),
    )
  }, RENEW_MS)
  const stopped = () => state.bell.ring()
  signal.addEventListener('abort', stopped)
  let unlisten: (() => Promise<void>) | undefined
  try {
    unlisten = await parts.listen(budget.channel, () => state.bell.ring())
    return await pumpLoop({ ...parts, token, state, signal })
  } finally {
    // A lease that is still prolonged, or kept, would hold the bot for nobody.
    clearInterval(renewal)
    signal.removeEventListener('abort', stopped)
    await budget.release(token, true)
    await unlisten?.()
  }
}

interface Loop extends PumpParts {
  token: string
  signal: AbortSignal
  state: {
    underWay: number
    recipientsUnderWay: number
    lost: boolean
    /** A delivery was met that is for a newer release: it must have the bot. */
    newer?: NewerFormatError
    bell: Bell
  }
}

async function pumpLoop(loop: Loop): Promise<'idle' | 'lost' | 'stopped'> {
  const { budget, state, token, signal } = loop
  let round = 0
  let idleSince = performance.now()
  let isRefused = false
  for (;;) {
    if (signal.aborted || state.lost || state.newer) {
      while (state.underWay > 0) await state.bell.wait(UNTOLD_MS)
      if (state.newer) throw state.newer
      return state.lost ? 'lost' : 'stopped'
    }
    if (state.underWay >= MOST_UNDER_WAY) {
      await state.bell.wait(UNTOLD_MS)
      continue
    }
    const askedAt = performance.now()
    const answer = await budget
      .grant(token, {
        most: MOST_UNDER_WAY - state.underWay,
        mostRecipients: Math.max(0, MOST_RECIPIENTS_UNDER_WAY - state.recipientsUnderWay),
        prefix: `${token}.${++round}.`,
      })
      .catch((error: Error) => {
        loop.log.warn({ err: error, bot: loop.botId }, 'grants were refused by Redis')
        return undefined
      })
    if (!answer) {
      await sleep(UNTOLD_MS, signal)
      continue
    }
    if (answer.kind === 'lost') {
      state.lost = true
      continue
    }
    for (const grant of answer.grants) {
      const recipients = grant.class === RECIPIENTS ? 1 : 0
      state.underWay++
      state.recipientsUnderWay += recipients
      void useGrant(loop, grant, askedAt).finally(() => {
        state.underWay--
        state.recipientsUnderWay -= recipients
        state.bell.ring()
      })
    }
    if (answer.grants.length > 0 || state.underWay > 0 || answer.waitMs !== undefined) {
      idleSince = performance.now()
      isRefused = false
    }
    if (performance.now() - idleSince > IDLE_MS) {
      if (await budget.release(token, false)) return 'idle'
      // Twice refused, with no chat ready and no call under way: chats are in flight for nobody. The next lease readies
      // them.
      state.lost ||= isRefused
      isRefused = true
    }
    if (answer.busy) await sleep(Math.min(answer.waitMs ?? 1, UNTOLD_MS), signal)
    else if (answer.grants.length === 0)
      await state.bell.wait(Math.min(answer.waitMs ?? UNTOLD_MS, UNTOLD_MS))
  }
}

async function useGrant(loop: Loop, grant: Grant, askedAt: number): Promise<void> {
  try {
    const use = await callChat(loop, grant, askedAt).catch((error: Error): GrantUse => {
      if (error instanceof NewerFormatError) {
        loop.state.newer = error
        return { next: grant.class, used: false }
      }
      // One chat's surprise must not stop the others: it is held back, and its attempt stands.
      loop.log.error({ err: error, bot: loop.botId, chat: grant.chat }, 'a granted call could not be noted')
      return { next: grant.class, used: true, holdMs: SURPRISED_MS }
    })
    await loop.budget.answered(grant, use)
  } catch (error) {
    // Redis refused: whoever takes the lease next readies again what was granted here.
    loop.log.error({ err: error, bot: loop.botId, chat: grant.chat }, 'a grant could not be ended')
    loop.state.lost = true
  }
}

async function callChat(loop: Loop, grant: Grant, askedAt: number): Promise<GrantUse> {
  const chat = { botId: loop.botId, homeId: grant.chat }
  const token = grant.id
  const isTooLate = () => performance.now() - askedAt > GRANT_MS
  let handedOverAt: number | undefined
  let lasts = false
  const timed = (use: GrantUse): GrantUse => {
    const answeredAtMs = performance.now()
    // What lasts by its nature (an upload) is no sign of congestion.
    const tookMs = handedOverAt === undefined || lasts ? 0 : answeredAtMs - handedOverAt
    return { ...use, tookMs, answeredAtMs }
  }
  const onHandedOver = () => {
    handedOverAt = performance.now()
  }
  const send = (outgoing: Outgoing) =>
    loop.send(outgoing).catch((error: Error): SendOutcome => {
      loop.log.error({ err: error, bot: chat.botId, chat: chat.homeId }, 'a call broke off')
      return { kind: 'unknown' }
    })
  if (grant.class === RECIPIENTS) {
    const onError = (error: Error, what: string) => loop.log.warn({ err: error, bot: loop.botId }, what)
    const { recipients } = loop
    const call = { recipients, chat, grant, isTooLate, send, onHandedOver, onError }
    return timed(await callRecipient({ ...call, persist: (note) => persist(loop, note) }))
  }
  const attempt = await loop.outbox.attempt(chat, token)
  if (attempt.kind === 'empty') return { next: '', used: false }
  if (attempt.kind === 'held') return { next: grant.class, used: false, holdMs: attempt.ms }
  const { delivery } = attempt
  const shown = attempt.kind === 'send' ? attempt.view.state?.number : undefined
  const note = async (result: AttemptResult, isShown = true) => {
    const noted = { token, delivery, result, ...(isShown && shown !== undefined && { shown }) }
    const { stale, next } = await persist(loop, () => loop.outbox.note(chat, noted))
    if (stale)
      loop.log.warn({ bot: chat.botId, chat: chat.homeId, delivery: delivery.id }, 'another sender took over')
    return next
  }
  if (attempt.kind === 'spent') {
    const told = await loop.park({ ...chat, delivery, tries: 0 }, 'its outcome stayed unknown')
    return { next: await note({ kind: 'done', ...told }), used: false }
  }
  // The head may have become an album since the grant, or a preview: it comes back for what it counts, by its own gate.
  const isAnother = delivery.items > itemsOfGrant(grant) || delivery.class > Number(grant.class.slice(0, 1))
  if (isTooLate() || isAnother) return { next: await note({ kind: 'again' }), used: false }
  const handOver: Outgoing['handOver'] = (options) => {
    // Said again, it prolongs what was handed over in time.
    lasts = handedOverAt !== undefined
    if (lasts) {
      loop.budget
        .prolong(grant)
        .catch((error) => loop.log.warn({ err: error, bot: loop.botId }, 'a grant could not be prolonged'))
    }
    loop.outbox
      .handOver(chat, token, options)
      .catch((error) => loop.log.warn({ err: error, bot: loop.botId }, 'a hand-over could not be noted'))
    // Last of all: a process that froze until now must not send what another has taken over.
    if (!lasts && isTooLate()) return false
    if (!lasts) onHandedOver()
    return true
  }
  const outcome = await send({
    ...chat,
    delivery,
    view: attempt.view,
    tries: attempt.tries,
    repeats: attempt.repeats,
    handOver,
  })
  const answered = timed({ next: '', used: true })
  if (outcome.kind === 'settled' && outcome.keptFor !== undefined) {
    const { tries } = attempt
    const { keptFor } = outcome
    await persist(loop, () => loop.park({ ...chat, delivery, tries }, keptFor))
  }
  return { ...answered, ...(await useOf(outcome, note)) }
}

/** Tries again what Redis refuses, for as long as it matters: a call that was made and not noted is made again. */
async function persist<T>(loop: Loop, note: () => Promise<T>): Promise<T> {
  for (let left = NOTE_TRIES; ; left--) {
    try {
      return await note()
    } catch (error) {
      if (left <= 1) throw error
      loop.log.warn({ err: error, bot: loop.botId }, 'an outcome could not be noted; trying again')
      await sleep(UNTOLD_MS)
    }
  }
}

async function useOf(
  outcome: SendOutcome,
  note: (result: AttemptResult, isShown?: boolean) => Promise<string>,
): Promise<GrantUse> {
  const { countAs, record, off, hasEnded, answer } = outcome
  const noted = {
    ...(countAs !== undefined && { countAs }),
    ...(record !== undefined && { record }),
    ...(off !== undefined && { off }),
    ...(hasEnded !== undefined && { hasEnded }),
    ...(answer !== undefined && { answer }),
  }
  switch (outcome.kind) {
    case 'settled':
      return {
        next: await note({ kind: 'done', ...noted }, !outcome.isPartial),
        used: !outcome.unused,
        ...(outcome.floodMs !== undefined && { floodMs: outcome.floodMs }),
      }
    case 'replace': {
      const next = await note({ kind: 'replace', payload: outcome.payload, ...noted })
      return { next, used: !outcome.unused }
    }
    case 'again':
      return { next: await note({ kind: 'again', ...noted }), used: !outcome.unused, holdMs: outcome.afterMs }
    case 'flood':
      return { next: await note({ kind: 'again', ...noted }), used: true, floodMs: outcome.afterMs }
    case 'unknown':
      return { next: await note({ kind: 'unknown', ...noted }), used: true }
  }
}
