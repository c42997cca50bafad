import { expect, test } from 'vitest'
import { type Crowd, everyoneAnswered, gatherCrowd, judgeCrowd, letCrowdTalk } from '../e2e/crowd.ts'
import { BOTS, openInstallation } from './installation.ts'
import { say } from './ledger.ts'

/** One crowd talks after the other, for as long as services are restarted. */
const WAVE = { chats: 60, messages: 4, pauseMs: [1500, 2500] as const }
const FIRST_USER = 1001
const LOST_AFTER_MS = 60_000
const LONGEST_WAIT_MS = 2000

test('every service is restarted under load: nothing is lost, nothing comes twice, and Telegram never waits', async () => {
  const { stack, slots } = await openInstallation()
  stack.model.setSpeed({ totalMs: [500, 8000] })
  const madeAtMs = new Map<string, number>()
  const waitedMs: number[] = []
  stack.telegram.on(
    'update',
    ({ botId, update, atMs }) => void madeAtMs.set(`${botId} ${update.update_id}`, atMs),
  )
  stack.telegram.on('acknowledge', ({ botId, updateId, atMs }) => {
    waitedMs.push(atMs - (madeAtMs.get(`${botId} ${updateId}`) ?? Number.NaN))
  })
  const crowds: Crowd[] = []
  let isOver = false
  const talk = async () => {
    while (!isOver) {
      const crowd: Crowd = { ...WAVE, firstUser: FIRST_USER + crowds.length * WAVE.chats, bots: BOTS }
      crowds.push(crowd)
      gatherCrowd(stack, crowd)
      await letCrowdTalk(stack, crowd)
    }
  }
  const talking = talk()
  for (const of of Object.values(slots))
    for (let index = 0; index < of.count; index++) expect(await of.restart(index)).toBe(0)
  isOver = true
  await talking
  for (const crowd of crowds) await everyoneAnswered(stack, crowd, LOST_AFTER_MS)
  const faultless = { lost: [], wrong: [], told: [], repeated: 0, begun: 0 }
  for (const crowd of crowds) expect(judgeCrowd(stack, crowd)).toMatchObject(faultless)
  const said = crowds.length * WAVE.chats * WAVE.messages
  const longestMs = Math.max(...waitedMs)
  say(`${said} messages; the longest that Telegram waited for a 200: ${Math.round(longestMs)} ms`)
  expect(waitedMs).toHaveLength(said)
  expect(longestMs).toBeLessThan(LONGEST_WAIT_MS)
}, 300_000)
