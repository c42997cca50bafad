/**
 * Loaded into a service before its main module: waits to be told of a fault, and lets it happen when the process passes
 * that fail point the next time, once. It says so on stderr first: after the fault it may be too late. What needs no fail
 * point happens at once.
 */
import { subscribe } from 'node:diagnostics_channel'
import { writeSync } from 'node:fs'
import type { Socket } from 'node:net'
import { armFailPoints } from '@chatlane/runtime'
import { ANY_STEP, type Fault, type FaultKind, faultText, HIT, type Order } from './fault.ts'
import { setClockAhead } from './wrong-clock.ts'

const AWAY_MS = 1000
const STDERR = 2

const redisPort = Number(new URL(process.env.REDIS_URL ?? '').port)
const connections = new Set<Socket>()
let awayUntilMs = 0
let armed: Fault | undefined
let toSkip = 0
/** How often each step was passed. */
const passed: Record<string, number> = {}

subscribe('net.client.socket', (message) => {
  const { socket } = message as { socket: Socket }
  socket.once('connect', () => {
    if (socket.remotePort !== redisPort) return
    if (performance.now() < awayUntilMs) return void socket.destroy()
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
})

const HAPPENS: Record<FaultKind, () => void> = {
  kill: () => void process.kill(process.pid, 'SIGKILL'),
  freeze: () => void process.kill(process.pid, 'SIGSTOP'),
  cut() {
    awayUntilMs = performance.now() + AWAY_MS
    for (const socket of connections) socket.destroy()
  },
}

armFailPoints((step, side) => {
  if (side === 'before') passed[step] = (passed[step] ?? 0) + 1
  if (!armed || (armed.step !== step && armed.step !== ANY_STEP) || armed.side !== side || toSkip-- > 0)
    return
  const fault = armed
  armed = undefined
  writeSync(STDERR, `${HIT}${faultText(fault)}\n`)
  HAPPENS[fault.kind]()
})

process.on('message', (order: Order) => {
  if (order === 'cut') return HAPPENS.cut()
  if (order !== 'disarm' && 'clockAheadMs' in order) return setClockAhead(order.clockAheadMs)
  armed = order === 'disarm' ? undefined : order
  toSkip = armed?.skip ?? 0
  if (order === 'disarm') process.send?.(passed)
})
// Waiting for faults keeps no service alive.
process.channel?.unref()
