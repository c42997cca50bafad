/** Redis in a container, where a Docker engine runs. */
import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer } from 'testcontainers'
import type { RedisServer, RedisServerOptions } from './server.ts'

const IMAGE = 'redis:7-alpine'
const PORT = 6379

/** Starts the container, or answers `undefined` where no engine runs or it can't start one: the image can't be pulled. */
export async function startInContainer(options: RedisServerOptions): Promise<RedisServer | undefined> {
  const engine = await getContainerRuntimeClient().catch(() => undefined)
  if (!engine) return undefined
  let container = new GenericContainer(IMAGE).withExposedPorts(PORT)
  const persistence = options.dataDir ? ['--appendonly', 'yes', '--dir', '/data'] : []
  container = container.withCommand([
    'redis-server',
    '--save',
    '',
    '--hz',
    '100',
    ...persistence,
    ...(options.args ?? []),
  ])
  if (options.dataDir) container = container.withBindMounts([{ source: options.dataDir, target: '/data' }])
  options.tell?.(`starting Redis in a container (${IMAGE})`)
  let started: StartedTestContainer
  try {
    started = await container.start()
  } catch (error) {
    options.tell?.(`no Redis in a container: ${(error as Error).message.split('\n')[0]}`)
    return undefined
  }
  return {
    url: `redis://${started.getHost()}:${started.getMappedPort(PORT)}`,
    origin: `a container of ${IMAGE}`,
    // The engine's reaper removes the container of a process that is gone.
    abandon: () => undefined,
    stop: async () => void (await started.stop()),
  }
}
