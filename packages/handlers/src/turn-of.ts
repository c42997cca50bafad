/** Which turn a context was made for. */
import type { Context } from 'telegraf'
import type { HandlerHost } from './handler-host.ts'

/** A turn and the host that it is of. */
export interface BoundTurn {
  host: HandlerHost<unknown>
  turn: unknown
}

const turns = new WeakMap<object, BoundTurn>()

/** Notes that `ctx` was made for a turn. */
export function bindTurn(ctx: Context, bound: BoundTurn): void {
  turns.set(ctx, bound)
}

/** The turn of `ctx`; undefined where the author made it himself. */
export function turnOf(ctx: Context): BoundTurn | undefined {
  return turns.get(ctx)
}
