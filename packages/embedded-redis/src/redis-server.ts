/** Starts a Redis of our own: a server on the PATH, else a container, else one installed with apt-get. */
import { startInContainer } from './container.ts'
import { installHint, installWithApt } from './install.ts'
import { findServer, startProcess } from './process.ts'
import type { RedisServer, RedisServerOptions } from './server.ts'

/** No Redis could be started; the message names the command that installs one. */
export class NoRedisError extends Error {
  readonly code = 'NO_REDIS'

  constructor(detail: string) {
    super(`Redis: ${detail}. ${installHint()}`)
    this.name = 'NoRedisError'
  }
}

/** Starts Redis on a free port of the loopback address. Throws a NoRedisError where there is no way to have one. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const tell = options.tell ?? (() => {})
  const found = findServer()
  if (found) return startProcess(found, options)
  const contained = await startInContainer(options)
  if (contained) return contained
  const installed = await installWithApt(tell)
  if (installed.kind === 'no') throw new NoRedisError(installed.reason)
  const server = findServer()
  if (!server) throw new NoRedisError('it was installed, but is not on the PATH')
  return startProcess(server, options)
}
