/** The small HTTP server of a service that has no other: its probes and metrics. */
import { type FastifyInstance, fastify } from 'fastify'
import { addProbes, type ProbeSources } from './probes.ts'

/** Listens on `host`:`port` (0: any free port) and returns the server with its address. */
export async function startProbeServer(
  options: ProbeSources & { host: string; port: number },
): Promise<{ server: FastifyInstance; address: string }> {
  const server = fastify({ logger: false })
  addProbes(server, options)
  const address = await server.listen({ host: options.host, port: options.port })
  return { server, address }
}
