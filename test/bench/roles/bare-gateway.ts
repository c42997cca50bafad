/** What one writes by hand: a Fastify route that does one `queue.add` and answers. */
import { Queue } from 'bullmq'
import { fastify } from 'fastify'
import { connect, readOptions, sayReady } from './role.ts'

const options = readOptions<{ url: string; prefix: string }>()
const queue = new Queue('in', {
  connection: connect(options.url),
  prefix: options.prefix,
  defaultJobOptions: { removeOnComplete: true },
})
const server = fastify({ logger: false, keepAliveTimeout: 90_000 })
server.post('/telegram/:bot', async (request, reply) => {
  await queue.add('update', request.body)
  return reply.code(200).send({ ok: true })
})
sayReady({ address: await server.listen({ host: '127.0.0.1', port: 0 }) })
