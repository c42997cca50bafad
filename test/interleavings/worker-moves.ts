/** What producers and workers do next: the steps of admission and of a visit to a lane, one call to Redis each. */
import { LANE } from './laboratory.ts'
import { addWake, fetchWake, finishWake } from './wake-queue.ts'
import { BrokenPromise, IDLE_WORKER, type Move, type Producer, type Worker, type World } from './world.ts'

/** What producer `i` does next. */
export function producerMoves(world: World, i: number): Move[] {
  const producer = world.producers[i]
  if (!producer || producer.at === 'done') return []
  const { update } = producer
  const go = (next: World, at: Producer['at']): World => ({
    ...next,
    producers: next.producers.with(i, { ...producer, at }),
  })
  if (producer.at === 'waking')
    return [
      {
        name: `wake for ${update}`,
        isSentAgain: true,
        make: () => go({ ...world, inbox: addWake(world.inbox) }, 'done'),
      },
    ]
  return [
    {
      name: `append ${update}`,
      isSentAgain: true,
      async make(laboratory) {
        const item = { id: update, mergeKey: '', album: '', payload: update }
        const { answer, stored } = await laboratory.make(
          world.stored,
          `append ${update}`,
          ['lane'],
          ({ inbox }) => inbox.append(LANE, item, { open: true, countAs: 'updates' }),
        )
        return go({ ...world, stored }, answer === 'behind' ? 'done' : 'waking')
      },
    },
  ]
}

/** What worker `i` does next. */
export function workerMoves(world: World, i: number): Move[] {
  const worker = world.workers[i]
  if (!worker || worker.at === 'dead') return []
  const go = (next: World, change: Partial<Worker>): World => ({
    ...next,
    workers: next.workers.with(i, { ...worker, ...change }),
  })
  const move = (name: string, make: Move['make']): Move[] => [{ name: `worker ${i} ${name}`, make }]
  const ask = (name: string, make: Move['make']): Move[] => [
    { name: `worker ${i} ${name}`, make, isSentAgain: true },
  ]
  const { turnId, update } = worker
  const stream = `s${update}`
  switch (worker.at) {
    case 'idle': {
      const fetched = fetchWake(world.inbox, i)
      return fetched ? move('fetches', () => go({ ...world, inbox: fetched }, { at: 'visiting' })) : []
    }
    case 'visiting':
      return ask('takes', async (laboratory) => {
        const id = `t${world.turns + 1}`
        const { answer, stored } = await laboratory.make(
          world.stored,
          `take ${id}`,
          ['lane', 'outbox'],
          ({ inbox }) => inbox.take(LANE, id),
        )
        if (answer.kind === 'empty') return go({ ...world, stored }, { at: 'finishing' })
        if (answer.kind === 'wait') return { ...world, stored }
        const taken = answer.items[0]?.id ?? ''
        if (world.committed.includes(taken))
          throw new BrokenPromise(`${taken} was taken again after its commit`)
        const turns = world.turns + 1
        return go({ ...world, stored, turns }, { at: 'answering', turnId: id, update: taken })
      })
    case 'answering':
      return [
        ...move('has its answer', () => go(world, { at: 'committing' })),
        ...ask('publishes', async (laboratory) => {
          const { answer, stored } = await laboratory.make(
            world.stored,
            `publish ${turnId} ${stream}`,
            ['lane', 'outbox'],
            ({ outbox }) => outbox.publish(LANE, { turnId, stream, payload: 'so far' }),
          )
          const next = { ...world, stored }
          if (answer.kind === 'stale') return go(next, { at: 'finishing' })
          if (answer.kind !== 'opened') return go(next, { at: 'committing' })
          return go(next, { at: 'readying', outClass: answer.outClass, after: 'committing' })
        }),
      ]
    case 'committing':
      return ask('commits', async (laboratory) => {
        const reply = { id: `r${update}`, class: 1, stream, place: '', payload: update } as const
        const { answer, stored } = await laboratory.make(
          world.stored,
          `commit ${turnId} ${update}`,
          ['lane', 'outbox'],
          ({ inbox }) => inbox.commit(LANE, turnId, { stream, deliveries: [reply], writes: [] }),
        )
        if (answer.kind === 'committed' && world.committed.includes(update))
          throw new BrokenPromise(`${update} was committed twice`)
        const committed = answer.kind === 'committed' ? [...world.committed, update] : world.committed
        const after = answer.more && answer.kind !== 'stale' ? 'yielding' : 'finishing'
        const next = { ...world, stored, committed }
        if (answer.outClass === '') return go(next, { at: after })
        return go(next, { at: 'readying', outClass: answer.outClass, after })
      })
    case 'readying':
      return ask('readies the chat', async (laboratory) => {
        const { outClass, after } = worker
        const { answer, stored } = await laboratory.readyChat(world.stored, outClass)
        return go({ ...world, stored }, { at: answer ? after : 'waking the pump' })
      })
    case 'waking the pump':
      return ask('wakes the pump', () =>
        go({ ...world, outbox: addWake(world.outbox) }, { at: worker.after }),
      )
    case 'yielding':
      return [
        ...move('goes on', () => go(world, { at: 'visiting' })),
        ...ask('yields', () => go({ ...world, inbox: addWake(world.inbox) }, { at: 'finishing' })),
      ]
    case 'finishing':
      return move('finishes', () => go({ ...world, inbox: finishWake(world.inbox, i) }, IDLE_WORKER))
  }
}
