import { expect, test } from 'vitest'
import { createLog } from '../src/log.ts'
import { stopInStages } from '../src/stop-in-stages.ts'

const log = createLog({ service: 'test', level: 'silent' })

test('a stage begins when the one before is over', async () => {
  const said: string[] = []
  const slow = async (what: string) => {
    said.push(`${what} begins`)
    await Promise.resolve()
    said.push(`${what} ends`)
  }
  await stopInStages(log, [
    { what: 'first', stop: () => [slow('first'), undefined] },
    { what: 'second', stop: () => [slow('second')] },
  ])
  expect(said).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
})

test('what never ends, and what fails, keeps nobody from stopping; the failure is told', async () => {
  let isStopped = false
  const stopping = stopInStages(log, [
    { what: 'never', stop: () => [new Promise(() => undefined)], withinMs: 10 },
    { what: 'broken', stop: () => [Promise.reject(new Error('broken'))] },
    {
      what: 'last',
      stop() {
        isStopped = true
        return []
      },
    },
  ])
  await expect(stopping).rejects.toThrow('broken')
  expect(isStopped).toBe(true)
})
