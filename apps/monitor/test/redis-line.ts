/** A line to the run's Redis that a test can cut, hold and mend: for the one who uses it Redis is then away. */
import { connect, createServer, type Socket } from 'node:net'
import { inject, onTestFinished } from 'vitest'

/** Call inside a test. */
export async function openRedisLine() {
  const redis = new URL(inject('redisUrl'))
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(redis.port), redis.hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the line has no port')
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  onTestFinished(() => (server.listening ? cut() : undefined))
  return {
    url: `redis://127.0.0.1:${bound.port}`,
    /** Ends every connection and takes no new one. */
    cut,
    mend: () => listen(bound.port),
    /** Connections stay and answer nothing more, as with a frozen Redis, until `cut`. */
    hold() {
      for (const socket of sockets) socket.unpipe().pause()
    },
  }
}
