/** The faults that one simulator was asked for, and which of them a request meets. */
import type { FaultKind, FaultScope } from './fault-kinds.ts'
import { FAULT_PRESETS, type FaultPreset, isFaultPreset } from './fault-presets.ts'
import { createRandom } from './random.ts'

/** A fault and its scope; `{ preset: 'no_credits', times: 1 }` is a well-known HTTP error. */
export type OpenRouterFault = FaultScope & (FaultKind | { kind?: 'preset'; preset: FaultPreset })

/** A fault that waits for requests. */
export interface ArmedFault {
  id: number
  fault: FaultKind
  scope: FaultScope
  /** How many requests met it. */
  hits: number
}

const KINDS = new Set<string>([
  'http',
  'error_body',
  'error_chunk',
  'cut',
  'end',
  'malformed',
  'empty',
  'hang',
  'no_usage',
  'finish',
  'slow',
  'reasoning',
] satisfies FaultKind['kind'][])

/** The faults of one simulator. */
export class FaultList {
  readonly #armed: { fault: ArmedFault; random: () => number }[] = []
  #nextId = 1

  /** Arms a fault and returns its id; throws a `TypeError` on one that does not exist. */
  add(wanted: OpenRouterFault): number {
    const { times, probability, seed, containing, model, ...rest } = wanted
    const fault = resolve(rest)
    const scope: FaultScope = {
      ...(times !== undefined && { times }),
      ...(probability !== undefined && { probability }),
      ...(containing !== undefined && { containing }),
      ...(model !== undefined && { model }),
    }
    const id = this.#nextId++
    this.#armed.push({ fault: { id, fault, scope, hits: 0 }, random: createRandom(seed ?? id) })
    return id
  }

  /** Disarms one fault, or all. */
  clear(id?: number): void {
    if (id === undefined) this.#armed.length = 0
    const index = this.#armed.findIndex((armed) => armed.fault.id === id)
    if (index >= 0) this.#armed.splice(index, 1)
  }

  /** What is armed, in the order of arming. */
  list(): ArmedFault[] {
    return this.#armed.map((armed) => structuredClone(armed.fault))
  }

  /** The first fault that this request meets, counted as a hit. */
  meet(request: { model: string; text: string }): ArmedFault | undefined {
    const met = this.#armed.find(({ fault: { scope }, random }) => {
      if (scope.model !== undefined && scope.model !== request.model) return false
      if (scope.containing !== undefined && !request.text.includes(scope.containing)) return false
      return scope.probability === undefined || random() < scope.probability
    })
    if (!met) return undefined
    met.fault.hits += 1
    if (met.fault.scope.times !== undefined && met.fault.hits >= met.fault.scope.times)
      this.clear(met.fault.id)
    return met.fault
  }
}

function resolve(wanted: FaultKind | { kind?: 'preset'; preset: FaultPreset }): FaultKind {
  if ('preset' in wanted) {
    if (!isFaultPreset(wanted.preset)) throw new TypeError(`no preset ${String(wanted.preset)}`)
    return FAULT_PRESETS[wanted.preset]
  }
  if (!KINDS.has(wanted.kind)) throw new TypeError(`no fault ${String(wanted.kind)}`)
  return wanted
}
