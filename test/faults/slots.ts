/** The processes of one kind that faults may meet: each is told of a fault, and stands again after it. */
import { once } from 'node:events'
import type { ServiceName, ServiceProcess } from '../e2e/service-process.ts'
import type { Stack } from '../e2e/stack.ts'
import { type Fault, faultText, HIT } from './fault.ts'

/** Longer than any lock (8 s) and lease (5 s) lasts. */
const FROZEN_MS = 10_000
/** Until the connections stand again. */
const CUT_MS = 1500

const PRELOAD = { NODE_OPTIONS: `--import=${new URL('./armed-process.ts', import.meta.url)}` }

/** Starts a service that can be told of faults. */
export function startArmed(
  stack: Stack,
  name: ServiceName,
  environment: Record<string, string> = {},
): Promise<ServiceProcess> {
  return stack.start(name, { ...PRELOAD, ...environment })
}

/** Processes that stand in for each other. */
export interface Slots {
  /**
   * Lets the fault happen to the process of slot `index`, and resolves when that is over. False where `signal` aborts before
   * the process passes there.
   */
  meet(index: number, fault: Fault, when: { signal: AbortSignal; onHit: () => void }): Promise<boolean>
  /** Stops the process of slot `index` as an operator does, and resolves with its exit code once another is in its place. */
  restart(index: number): Promise<number | NodeJS.Signals>
  /** Who is in the slot now. */
  at(index: number): ServiceProcess
  count: number
  /** The steps that the processes have passed, each with how often. */
  passed(): Promise<Record<string, number>>
}

/**
 * `services`, each begun anew in its slot where a fault has killed it, a gateway at its old address. `environment`: of
 * those that are begun anew,
 * by their slot.
 */
export function createSlots(
  stack: Stack,
  services: ServiceProcess[],
  environment: (index: number) => Record<string, string> = () => ({}),
): Slots {
  const at = (index: number) => {
    const service = services[index]
    if (!service) throw new Error(`there is no slot ${index}`)
    return service
  }
  const replace = async (index: number) => {
    const { name, address, ended } = at(index)
    const { port } = new URL(await address)
    const how = await ended
    services[index] = await startArmed(stack, name, {
      ...environment(index),
      ...(name === 'gateway' && { GATEWAY_PORT: port }),
    })
    return how
  }
  return {
    count: services.length,
    at,
    restart(index) {
      void at(index).stop()
      return replace(index)
    },
    async passed() {
      const sums: Record<string, number> = {}
      for (const { child } of services) {
        child.send('disarm')
        const [counts] = (await once(child, 'message')) as [Record<string, number>]
        for (const [step, count] of Object.entries(counts)) sums[step] = (sums[step] ?? 0) + count
      }
      return sums
    },
    async meet(index, fault, { signal, onHit }) {
      const service = at(index)
      const { child } = service
      const { hit, stop } = listenForHit(service, fault)
      child.send(fault)
      let isHit = await Promise.race([hit, aborted(signal)])
      if (!isHit) {
        // It may pass the fail point before it hears of this: then it does not answer.
        const disarmed = once(child, 'message').then(() => false)
        child.send('disarm', () => undefined)
        isHit = await Promise.race([hit, disarmed])
      }
      stop()
      if (!isHit) return false
      onHit()
      if (fault.kind === 'kill') {
        await replace(index)
      } else if (fault.kind === 'freeze') {
        await lasts(FROZEN_MS)
        child.kill('SIGCONT')
      } else {
        await lasts(CUT_MS)
      }
      return true
    },
  }
}

/** Hears of the fault's hit until it is told to stop. */
function listenForHit({ child }: ServiceProcess, fault: Fault): { hit: Promise<true>; stop(): void } {
  const { stderr } = child
  if (!stderr) throw new Error('its stderr is not read')
  const { promise, resolve } = Promise.withResolvers<true>()
  let said = ''
  const hear = (text: string) => {
    said = (said + text).slice(-1000)
    if (said.includes(`${HIT}${faultText(fault)}\n`)) resolve(true)
  }
  stderr.on('data', hear)
  return { hit: promise, stop: () => stderr.off('data', hear) }
}

async function aborted(signal: AbortSignal): Promise<false> {
  if (!signal.aborted) await once(signal, 'abort')
  return false
}

/** A fault lasts: this is the fault, not a wait for a result. */
function lasts(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
