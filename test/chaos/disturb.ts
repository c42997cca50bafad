/** Does to an installation what was drawn. */
import { FAULT_PRESETS, type OpenRouterFault, type TelegramFault } from '@chatlane/simulators'
import { textOf } from '../e2e/crowd.ts'
import { heldWork } from '../e2e/held-work.ts'
import { ANY_STEP, type Order } from '../faults/fault.ts'
import type { Slots } from '../faults/slots.ts'
import { touchBoard } from './board.ts'
import type { Disturbance, ModelTrouble, Planned, Service, TelegramTrouble } from './draw-round.ts'
import type { Installation } from './installation.ts'

/** Whoever holds no work within this time is disturbed all the same, which does not count. */
const BUSY_WITHIN_MS = 2000

/** What was done: whether it met work can be known later. */
export interface Done {
  planned: Planned
  /** How many pieces of work it met; asked once, at the end of the round. What is still in force then ends. */
  met(): number
}

/** Processes that something happens to now: a second disturbance looks for another one. */
export type Busy = Set<string>

/** Does it, and resolves when that is over: a frozen process goes on again, a killed one has a successor. */
export async function disturb(at: Installation, planned: Planned, busy: Busy): Promise<Done> {
  const { stack } = at
  switch (planned.kind) {
    case 'kill':
    case 'freeze':
    case 'cut':
    case 'stop':
    case 'clock': {
      const met = await disturbProcess(at, planned, busy)
      return { planned, met: () => met }
    }
    case 'telegram':
      return { planned, met: troubleTelegram(at, planned) }
    case 'model':
      return { planned, met: troubleModel(at, planned) }
    default: {
      const running = stack.model.ledger().running
      const touched = await disturbRedis(at, planned.kind)
      return { planned, met: () => touched ?? running }
    }
  }
}

type OfProcess = Extract<Disturbance, { to: Service }>

async function disturbProcess(at: Installation, what: OfProcess, busy: Busy): Promise<number> {
  const slots = at.slots[what.to]
  const index = Array.from({ length: slots.count }, (_, i) => (what.slot + i) % slots.count).find(
    (i) => !busy.has(`${what.to} ${i}`),
  )
  if (index === undefined) return 0
  const name = `${what.to} ${index}`
  busy.add(name)
  try {
    if (what.kind === 'stop' || what.kind === 'clock') {
      const held = await heldSoon(slots.at(index))
      if (what.kind === 'clock') slots.at(index).child.send({ clockAheadMs: what.byMs } satisfies Order)
      else await stopInOrder(slots, index)
      return held
    }
    const side = what.kind === 'cut' ? 'sent' : what.byMs < 0 ? 'before' : 'after'
    const fault = { step: ANY_STEP, side, kind: what.kind, skip: what.skip } as const
    const met = await slots.meet(index, fault, {
      signal: AbortSignal.timeout(BUSY_WITHIN_MS),
      onHit: () => undefined,
    })
    return met ? 1 : 0
  } finally {
    busy.delete(name)
  }
}

async function stopInOrder(slots: Slots, index: number): Promise<void> {
  const { name, lines } = slots.at(index)
  const how = await slots.restart(index)
  if (how !== 0)
    throw new Error(`a ${name} that was to stop ended with ${how}:\n${lines.slice(-20).join('\n')}`)
}

async function heldSoon(service: Parameters<typeof heldWork>[0]): Promise<number> {
  const until = performance.now() + BUSY_WITHIN_MS
  let held = 0
  while (held === 0 && performance.now() < until) {
    held = await heldWork(service)
    if (held === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return held
}

/** How many jobs it touched, where it touches jobs. */
async function disturbRedis(
  { redis, slots, stack, board }: Installation,
  kind: Exclude<Disturbance['kind'], OfProcess['kind'] | 'telegram' | 'model'>,
): Promise<number | undefined> {
  switch (kind) {
    case 'redis killed':
      await redis.restart()
      return undefined
    case 'redis cut off':
      for (const each of Object.values(slots)) {
        for (let i = 0; i < each.count; i++) each.at(i).child.send('cut' satisfies Order, () => undefined)
      }
      return undefined
    case 'scripts flushed':
      await stack.redis.redis.script('FLUSH')
      return undefined
    case 'jobs removed':
      return touchBoard(board, 'clean')
    case 'jobs retried':
      return touchBoard(board, 'retry')
  }
}

const ON_TELEGRAM: Record<TelegramTrouble, TelegramFault> = {
  flood: { kind: 'flood', retryAfterSeconds: 1 },
  'server-error': { kind: 'server-error' },
  'hang-up': { kind: 'hang-up' },
  applied: { kind: 'hang-up', after: true },
  slow: { kind: 'delay', delayMs: 2000 },
}

function troubleTelegram(
  { stack: { telegram } }: Installation,
  { how, users }: Extract<Disturbance, { kind: 'telegram' }>,
): () => number {
  const ids = users.map((chatId) => telegram.addFault({ ...ON_TELEGRAM[how], chatId }))
  return () => {
    const waiting = new Set(telegram.faults().map(({ id }) => id))
    for (const id of ids) telegram.removeFault(id)
    return ids.filter((id) => !waiting.has(id)).length
  }
}

const ON_MODEL: Record<ModelTrouble, OpenRouterFault> = {
  busy: { ...FAULT_PRESETS.upstream_rate_limited, retryAfterSeconds: 0.3, times: 1 },
  'bad gateway': { preset: 'bad_gateway', times: 1 },
  cut: { kind: 'cut', afterChunks: 1, times: 1 },
  'ends early': { kind: 'end', afterChunks: 1, times: 1 },
  hangs: { kind: 'hang', at: 'text', afterChunks: 1, times: 1 },
  slow: { kind: 'slow', factor: 4, times: 1 },
  down: { preset: 'bad_gateway' },
}

function troubleModel(
  { stack: { model } }: Installation,
  { how, messages }: Extract<Disturbance, { kind: 'model' }>,
): () => number {
  const ids = messages.map(({ user, n }) =>
    model.faults.add({ ...ON_MODEL[how], containing: textOf(user, n) }),
  )
  return () => {
    const armed = new Map(model.faults.list().map(({ id, hits }) => [id, hits]))
    for (const id of ids) model.faults.clear(id)
    return ids.filter((id) => armed.get(id) !== 0).length
  }
}
