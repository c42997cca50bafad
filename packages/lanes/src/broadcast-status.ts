/** How far a broadcast is. */
import { botOfBroadcast } from './broadcast-names.ts'

/** `waiting` for the broadcasts before it; `stopping` while calls are under way. */
export type BroadcastState = 'waiting' | 'running' | 'stopping' | 'stopped' | 'done'

/** What happened to the recipients so far. */
export interface BroadcastCounts {
  sent: number
  /** Found to have blocked the bot, to have left it or to be gone, by this broadcast. */
  blocked: number
  failed: number
  /** Called by a sender that died before it heard the answer, or never answered: they may have got it. */
  unknown: number
  /** Known to have blocked the bot before: not called. */
  skipped: number
}

/** A broadcast without what it says. */
export interface BroadcastStatus extends BroadcastCounts {
  id: string
  botId: string
  state: BroadcastState
  audience: 'all' | 'list'
  /** Of a broadcast to all: as many as there were when it was made, and as many as it came to when it has ended. */
  total: number
  /** Calls per second where they are paid for. */
  paidPerSecond?: number
  createdAtMs: number
  endedAtMs?: number
  /** The broadcast that sends to its unknown recipients anyway. */
  resentAs?: string
}

/** The fields of a broadcast's hash that make its status, in the order that `readStatus` takes them. */
export const STATUS_FIELDS = [
  'state',
  'audience',
  'total',
  'sent',
  'blocked',
  'failed',
  'unknown',
  'skipped',
  'paid',
  'createdAt',
  'endedAt',
  'resentAs',
] as const

/** The status from the values of STATUS_FIELDS; undefined where there is no such broadcast. */
export function readStatus(id: string, values: readonly (string | null)[]): BroadcastStatus | undefined {
  const fields = Object.fromEntries(STATUS_FIELDS.map((name, n) => [name, values[n] ?? '']))
  if (!fields.state) return undefined
  const count = (name: (typeof STATUS_FIELDS)[number]) => Number(fields[name] || 0)
  return {
    id,
    botId: botOfBroadcast(id) ?? '',
    state: fields.state as BroadcastState,
    audience: fields.audience === 'all' ? 'all' : 'list',
    total: count('total'),
    sent: count('sent'),
    blocked: count('blocked'),
    failed: count('failed'),
    unknown: count('unknown'),
    skipped: count('skipped'),
    createdAtMs: count('createdAt'),
    ...(fields.paid && { paidPerSecond: count('paid') }),
    ...(fields.endedAt && { endedAtMs: count('endedAt') }),
    ...(fields.resentAs && { resentAs: fields.resentAs }),
  }
}

/** How many recipients need nothing more. */
export function settledOf(counts: BroadcastCounts): number {
  return counts.sent + counts.blocked + counts.failed + counts.unknown + counts.skipped
}

/** Whether nobody will be called any more. */
export function hasEnded({ state }: Pick<BroadcastStatus, 'state'>): boolean {
  return state === 'done' || state === 'stopped'
}
