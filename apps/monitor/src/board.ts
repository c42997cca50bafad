/** Bull Board over our queues, read-only unless it is told otherwise. */
import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { FastifyAdapter } from '@bull-board/fastify'
import type { FastifyInstance } from 'fastify'
import type { ShownQueue } from './shown-queues.ts'

/** How the board looks and what it leaves out: links that lead to other hosts. */
const LOOK = {
  boardTitle: 'Chatlane',
  hideDocsLink: true,
  // The order is the way of an update: in, out, given up.
  sortQueues: false,
  miscLinks: [{ text: 'Metrics', url: '/metrics' }],
}

/** Adds Bull Board at `/` of `server`. Without `write` whatever would change a queue is answered 405. */
export async function addBoard(
  server: FastifyInstance,
  options: { queues: readonly ShownQueue[]; write: boolean },
): Promise<void> {
  const readOnlyMode = !options.write
  if (readOnlyMode) {
    // Bull Board's own check leaves out the calls on all queues at once, which it answers 200 and ignores.
    server.addHook('onRequest', async (request, reply) => {
      if (request.method === 'GET' || request.method === 'HEAD') return
      return reply.code(405).header('allow', 'GET, HEAD').send({ error: READ_ONLY })
    })
  }
  const serverAdapter = new FastifyAdapter()
  createBullBoard({
    serverAdapter,
    queues: options.queues.map(
      ({ queue, namePrefix, displayName, description }) =>
        new BullMQAdapter(queue, { readOnlyMode, prefix: namePrefix, displayName, description }),
    ),
    options: { uiConfig: LOOK },
  })
  await server.register(serverAdapter.registerPlugin())
}

const READ_ONLY = 'The monitor is read-only; MONITOR_WRITE=true lets it change queues.'
