/** Starts one Redis for a whole test run: in a container where a Docker engine runs, from `redis-server` elsewhere. */
import { startRedisServer } from '@chatlane/embedded-redis'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string
  }
}

/** Called by vitest before the first test; what it returns is called after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startRedisServer({ tell: (line) => process.stderr.write(`${line}\n`) })
  project.provide('redisUrl', server.url)
  return () => server.stop()
}
