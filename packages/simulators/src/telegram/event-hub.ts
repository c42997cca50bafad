/** Tells listeners what happens, and lets tests wait for it without polling. */
import { nowMs } from './clock.ts'
import type { EventOf, EventType, Happening, SimulatorEvent } from './events.ts'

type Listener = (event: SimulatorEvent) => void

/** Thrown by the waits when their time is over or the simulator was closed. */
export class WaitError extends Error {
  readonly code: 'timeout' | 'closed'

  constructor(code: 'timeout' | 'closed', message: string) {
    super(message)
    this.name = 'WaitError'
    this.code = code
  }
}

/** Hands events to whoever listens, at once and in order. */
export class EventHub {
  private readonly listeners = new Set<Listener>()
  private readonly waits = new Set<(error: WaitError) => void>()
  private seq = 0

  emit(happening: Happening): void {
    this.seq++
    if (this.listeners.size === 0) return
    const event = { ...happening, seq: this.seq, atMs: nowMs() } as SimulatorEvent
    for (const listener of [...this.listeners]) listener(event)
  }

  /** Calls `listener` with each event of the type, `*` for all; the returned function ends it. */
  on<T extends EventType>(type: T, listener: (event: EventOf<T>) => void): () => void
  on(type: '*', listener: Listener): () => void
  on(type: string, listener: (event: never) => void): () => void {
    const heard: Listener = (event) => {
      if (type === '*' || event.type === type) listener(event as never)
    }
    this.listeners.add(heard)
    return () => this.listeners.delete(heard)
  }

  /** The first event from now on for which the predicate holds. Rejects with `WaitError` after `timeoutMs` (10,000). */
  waitFor(predicate: (event: SimulatorEvent) => boolean, timeoutMs = 10_000): Promise<SimulatorEvent> {
    return this.wait(
      (event) => (event !== undefined && predicate(event) ? { value: event } : undefined),
      timeoutMs,
    )
  }

  /**
   * The first truthy value of `condition`, looked at now and after each event, so nothing is missed that happened
   * before the call. Rejects with `WaitError` after `timeoutMs` (10,000).
   */
  waitUntil<T>(condition: () => T, timeoutMs = 10_000): Promise<T> {
    return this.wait(() => {
      const value = condition()
      return value ? { value } : undefined
    }, timeoutMs)
  }

  /** Ends all waits. */
  close(): void {
    for (const end of [...this.waits]) end(new WaitError('closed', 'the simulator was closed during a wait'))
    this.listeners.clear()
  }

  private wait<T>(
    check: (event?: SimulatorEvent) => { value: T } | undefined,
    timeoutMs: number,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const settle = (act: () => void) => {
      clearTimeout(timer)
      this.listeners.delete(listener)
      this.waits.delete(fail)
      act()
    }
    const fail = (error: WaitError) => settle(() => reject(error))
    const listener = (event?: SimulatorEvent) => {
      try {
        const found = check(event)
        if (found !== undefined) settle(() => resolve(found.value))
      } catch (error) {
        settle(() => reject(error))
      }
    }
    const timer = setTimeout(
      () => fail(new WaitError('timeout', `waited ${timeoutMs} ms for an event that did not come`)),
      timeoutMs,
    )
    this.listeners.add(listener)
    this.waits.add(fail)
    listener()
    return promise
  }
}
