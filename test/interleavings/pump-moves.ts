/** What pumps and the sweeper do next: the steps of `pump.ts` and `sweeper.ts`, one call to Redis or Telegram each. */

import type { Attempt, AttemptResult, GrantUse } from '@chatlane/lanes'
import { LANE, type Laboratory } from './laboratory.ts'
import { addWake, fetchWake, finishWake } from './wake-queue.ts'
import { BrokenPromise, IDLE_PUMP, type Move, type Pump, type World } from './world.ts'

const LEASE_MS = 5000
/** Where a pump prolongs its lease now and then. */
const PROLONGS: ReadonlySet<Pump['at']> = new Set([
  'granting',
  'resting',
  'attempting',
  'handing over',
  'leaving',
  'noting',
  'answering',
] as const)
/** More than two deliveries ever need. */
const MOST_ROUNDS = 25
const AGAIN = JSON.stringify({ kind: 'again' } satisfies AttemptResult)
const NOBODY: Partial<Pump> = { token: '', round: 0, isLost: false, isRefused: false, grant: undefined }
const NOTHING: Partial<Pump> = { grant: undefined, attempt: '', result: '', use: '', wasFrozen: false }

/** What pump `i` does next. */
export function pumpMoves(world: World, i: number): Move[] {
  const pump = world.pumps[i]
  if (!pump || pump.at === 'dead') return []
  const go = (next: World, change: Partial<Pump>): World => ({
    ...next,
    pumps: next.pumps.with(i, { ...pump, ...change }),
  })
  const move = (name: string, make: Move['make']): Move[] => [{ name: `pump ${i} ${name}`, make }]
  const ask = (name: string, make: Move['make']): Move[] => [
    { name: `pump ${i} ${name}`, make, isSentAgain: true },
  ]
  const { token, grant } = pump
  switch (pump.at) {
    case 'idle': {
      const fetched = fetchWake(world.outbox, i)
      return fetched ? move('fetches', () => go({ ...world, outbox: fetched }, { at: 'leasing' })) : []
    }
    case 'leasing':
      return ask('leases', async (laboratory) => {
        const fresh = `p${world.leases + 1}`
        const { answer, stored } = await lease(laboratory, world, fresh)
        if (answer === 'held') return go({ ...world, stored }, { at: 'finishing' })
        return go(
          { ...world, stored, leases: world.leases + 1 },
          { ...NOBODY, ...NOTHING, at: 'granting', token: fresh },
        )
      })
    case 'granting':
      return pump.isLost
        ? move('ends', () => go(world, { at: 'releasing' }))
        : ask('asks for grants', askForGrants)
    case 'resting':
      return ask('gives up an idle bot', async (laboratory) => {
        const { answer, stored } = await laboratory.make(
          world.stored,
          `rest ${token}`,
          ['bot'],
          ({ budget }) => budget.release(token, false),
        )
        const isLost = !answer && pump.isRefused
        return go({ ...world, stored }, { at: answer ? 'releasing' : 'granting', isRefused: !answer, isLost })
      })
    case 'attempting':
      return ask('attempts', attempt)
    case 'handing over':
      return ask('hands over', handOver)
    case 'leaving':
      return move('calls', call)
    case 'noting':
      return ask('notes', note)
    case 'answering':
      return ask('settles its grant', async (laboratory) => {
        if (!grant) throw new Error('no grant')
        const use = JSON.parse(pump.use) as GrantUse
        const { stored } = await laboratory.make(
          world.stored,
          `answered ${grant.id} ${grant.class} ${pump.use}`,
          ['bot'],
          ({ budget }) => budget.answered(grant, use),
        )
        return go({ ...world, stored }, { ...NOTHING, at: 'granting' })
      })
    case 'releasing':
      return ask('releases', async (laboratory) => {
        const { stored } = await laboratory.make(world.stored, `release ${token}`, ['bot'], ({ budget }) =>
          budget.release(token, true),
        )
        return go({ ...world, stored }, { at: pump.isLost ? 'waking itself' : 'finishing' })
      })
    case 'waking itself':
      return ask('wakes a pump', () => go({ ...world, outbox: addWake(world.outbox) }, { at: 'finishing' }))
    case 'finishing':
      return move('finishes', () => go({ ...world, outbox: finishWake(world.outbox, i) }, IDLE_PUMP))
  }

  async function askForGrants(laboratory: Laboratory): Promise<World> {
    const round = (pump?.round ?? 0) + 1
    if (round > MOST_ROUNDS) throw new BrokenPromise('a pump asks for grants without end')
    const prefix = `${token}.${round}.`
    const { answer, stored } = await laboratory.make(
      world.stored,
      `grant ${prefix}`,
      ['bot'],
      ({ budget }) => budget.grant(token, { most: 1, prefix }),
      // A chat that was called is ready again a millisecond later.
      2,
    )
    const next = { ...world, stored }
    if (answer.kind === 'lost') return go(next, { isLost: true })
    const [granted] = answer.grants
    if (granted) return go(next, { ...NOTHING, at: 'attempting', round, grant: granted, isRefused: false })
    if (answer.waitMs !== undefined) return go(next, { isRefused: false })
    return go(next, { at: 'resting' })
  }

  async function attempt(laboratory: Laboratory): Promise<World> {
    if (!grant) throw new Error('no grant')
    const { answer, stored } = await laboratory.make(
      world.stored,
      `attempt ${grant.id}`,
      ['outbox'],
      ({ outbox }) => outbox.attempt(LANE, grant.id),
    )
    const next = { ...world, stored }
    const uses = (use: GrantUse) => go(next, { at: 'answering', use: JSON.stringify(use) })
    if (answer.kind === 'empty') return uses({ next: '', used: false })
    if (answer.kind === 'held') return uses({ next: grant.class, used: false, holdMs: answer.ms })
    if (answer.kind === 'spent') throw new BrokenPromise('one fault made a delivery a dead letter')
    const found = JSON.stringify(answer)
    const isAnother = answer.delivery.class > Number(grant.class)
    if (!isAnother) return go(next, { at: 'handing over', attempt: found })
    return go(next, { at: 'noting', attempt: found, result: AGAIN })
  }

  async function handOver(laboratory: Laboratory): Promise<World> {
    if (!grant || !pump) throw new Error('no grant')
    const { delivery, view } = JSON.parse(pump.attempt) as Attempt & { kind: 'send' }
    const result: AttemptResult = { kind: 'done' }
    // The stream has ended meanwhile: nothing is to be shown.
    if (delivery.class === 2 && (view.isOff || !view.state))
      return go(world, { at: 'noting', result: JSON.stringify(result) })
    const repeatable = view.record !== ''
    const { stored } = await laboratory.make(
      world.stored,
      `hand over ${grant.id} ${repeatable}`,
      ['outbox'],
      ({ outbox }) => outbox.handOver(LANE, grant.id, { repeatable }),
    )
    return go({ ...world, stored }, { at: 'leaving' })
  }

  /** By its own clock, in the instant in which the request leaves. */
  function call(): World {
    if (!pump) throw new Error('no pump')
    if (pump.wasFrozen) return go(world, { at: 'noting', result: AGAIN })
    const { delivery, view } = JSON.parse(pump.attempt) as Attempt & { kind: 'send' }
    const isPreview = delivery.class === 2
    const result: AttemptResult = isPreview
      ? { kind: 'done', record: 'shown' }
      : { kind: 'done', record: 'replied', hasEnded: true }
    const shown = seen(world, delivery.stream.slice(1), { isPreview, isEdit: view.record !== '' })
    return go({ ...world, ...shown }, { at: 'noting', result: JSON.stringify(result) })
  }

  async function note(laboratory: Laboratory): Promise<World> {
    if (!grant || !pump) throw new Error('no grant')
    const { delivery, view } = JSON.parse(pump.attempt) as Attempt & { kind: 'send' }
    const result = JSON.parse(pump.result) as AttemptResult
    const shown = view.state?.number
    const { answer, stored } = await laboratory.make(
      world.stored,
      `note ${grant.id} ${pump.attempt} ${pump.result}`,
      ['outbox'],
      ({ outbox }) =>
        outbox.note(LANE, { token: grant.id, delivery, result, ...(shown !== undefined && { shown }) }),
    )
    const use: GrantUse = { next: answer.next, used: result.kind === 'done' }
    return go({ ...world, stored }, { at: 'answering', use: JSON.stringify(use) })
  }
}

function lease(laboratory: Laboratory, world: World, token: string) {
  return laboratory.make(world.stored, `lease ${token}`, ['bot'], ({ budget }) =>
    budget.lease(token, LEASE_MS),
  )
}

/** What people see after a call that leaves. */
function seen(
  world: World,
  update: string,
  { isPreview, isEdit }: { isPreview: boolean; isEdit: boolean },
): Pick<World, 'shown' | 'answered'> {
  const before = world.shown[update] ?? { replies: 0, begun: 0 }
  if (isPreview && before.replies > 0) throw new BrokenPromise(`a preview of ${update} follows its reply`)
  const after = { ...before }
  if (isPreview && !isEdit) after.begun++
  // The message that showed the beginning shows the whole; edited again, it stays one.
  if (!isPreview && isEdit && before.begun > 0) after.begun--
  if (!isPreview && (!isEdit || before.begun > 0)) after.replies++
  if (after.replies > 2) throw new BrokenPromise(`the reply to ${update} comes again and again`)
  const isFirst = !isPreview && !world.answered.includes(update)
  return {
    shown: { ...world.shown, [update]: after },
    answered: isFirst ? [...world.answered, update] : world.answered,
  }
}

/** A pump whose lease ran out while it was frozen hears so when it prolongs it. */
export function renewMoves(world: World, i: number): Move[] {
  const pump = world.pumps[i]
  if (!pump?.wasFrozen || pump.isLost || !PROLONGS.has(pump.at)) return []
  return [
    {
      name: `pump ${i} prolongs its lease`,
      async make(laboratory) {
        const { answer, stored } = await lease(laboratory, world, pump.token)
        const pumps = world.pumps.with(i, { ...pump, isLost: answer === 'held' })
        return { ...world, stored, pumps }
      },
    },
  ]
}
