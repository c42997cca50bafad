/** Telegraf's context of an update, with the turn that it belongs to. */
import { Context } from 'telegraf'
import type { TurnPort } from './ports.ts'

/** A context that is rebuilt from the raw update on whichever worker takes the turn. */
export class TurnContext extends Context {
  /** Set by whoever builds the context, before any middleware runs. */
  turn!: TurnPort
}
