/** The three addresses that every service has: `/healthz`, `/readyz`, `/metrics`. */
import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** What a service says of itself. */
export interface ProbeSources {
  /** Whether work can be taken: usually whether Redis answers. Must not throw. */
  isReady: () => Promise<boolean>
  /** What this process holds now: gauges by name, each with its help. */
  holds?: Record<string, { help: string; value: () => number }>
  /** The service's metrics as Prometheus text, appended to those of the process. */
  metrics?: () => Promise<string>
}

/** Adds the three routes to `server`. The process's own metrics are named `chatlane_process_…` and `chatlane_nodejs_…`. */
export function addProbes(server: FastifyInstance, sources: ProbeSources): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'chatlane_' })
  new Gauge({
    name: 'chatlane_ready',
    help: 'Whether this process can take work: 1 where Redis answers it',
    registers: [registry],
    async collect() {
      this.set((await sources.isReady()) ? 1 : 0)
    },
  })
  for (const [name, { help, value }] of Object.entries(sources.holds ?? {})) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect: function () {
        this.set(value())
      },
    })
  }
  server.get('/healthz', async () => ({ alive: true }))
  server.get('/readyz', async (_request, reply) => {
    const ready = await sources.isReady()
    return reply.code(ready ? 200 : 503).send({ ready })
  })
  server.get('/metrics', async (_request, reply) => {
    const own = sources.metrics ? await sources.metrics() : ''
    return reply.type(registry.contentType).send(`${await registry.metrics()}${own}`)
  })
  server.addHook('onClose', async () => registry.clear())
}
