import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { countedRepeats } from '../e2e/counted-repeats.ts'
import { type Crowd, everyoneAnswered, gatherCrowd, judgeCrowd, letCrowdTalk } from '../e2e/crowd.ts'
import { BOTS, type Installation, openInstallation, SHARDS } from './installation.ts'
import { say } from './ledger.ts'

const KILLS = 10
const LOST_AFTER_MS = 60_000

test('a Redis that is killed ten times under load loses nothing that it has acknowledged', async () => {
  const { stack, redis } = await openInstallation()
  const crowd: Crowd = { chats: 60, messages: 20, pauseMs: [800, 1600], bots: BOTS }
  gatherCrowd(stack, crowd)
  const talk = letCrowdTalk(stack, crowd)
  for (let kill = 0; kill < KILLS; kill++) {
    const { finished } = stack.model.ledger()
    await until(() => stack.model.ledger().finished > finished + 20)
    await redis.restart()
  }
  await talk
  await everyoneAnswered(stack, crowd, LOST_AFTER_MS)
  const { lost, wrong, repeated, begun, slowestMs } = judgeCrowd(stack, crowd)
  say(`${KILLS} kills: ${repeated + begun} came twice; slowest answer ${Math.round(slowestMs / 1000)} s`)
  expect({ lost, wrong }).toEqual({ lost: [], wrong: [] })
  expect(repeated + begun).toBeLessThanOrEqual(await countedRepeats(stack, SHARDS))
}, 300_000)

const CUT_MS = 1000

test('with the last second of its file cut off everything comes up, and only that second is missing', async () => {
  const at = await openInstallation({ isDeliveredOnce: true })
  const { stack, redis } = at
  const talking: Crowd = { chats: 50, messages: 8, pauseMs: [200, 600], bots: BOTS }
  const quiet: Crowd = { chats: 50, messages: 2, pauseMs: [200, 600], bots: BOTS, firstUser: 5001 }
  for (const crowd of [talking, quiet]) gatherCrowd(stack, crowd)
  await letCrowdTalk(stack, quiet)
  await everyoneAnswered(stack, quiet, LOST_AFTER_MS)

  const file = watchFile(redis.folder)
  const { finished } = stack.model.ledger()
  const talk = letCrowdTalk(stack, { ...talking, messages: 4 })
  await until(() => stack.model.ledger().finished > finished + 30 && file.isOlderThan(CUT_MS))
  const killedAtMs = Date.now()
  await redis.restart(() => file.cutTo(killedAtMs - CUT_MS))
  const backAtMs = Date.now()
  await talk
  await letCrowdTalk(stack, talking, 5)
  const went = { ...quiet, messages: 4 }
  await letCrowdTalk(stack, went, 3)
  for (const crowd of [talking, went]) await everyoneAnswered(stack, crowd, LOST_AFTER_MS)

  expect(judgeCrowd(stack, went)).toMatchObject({ lost: [], wrong: [], repeated: 0, begun: 0 })
  const said = messagesBetween(at, talking, killedAtMs - CUT_MS, backAtMs)
  const { lost, wrong, repeated, begun } = judgeCrowd(stack, talking)
  say(`of ${said.size} messages of the lost second ${lost.length} are lost; ${repeated + begun} came twice`)
  expect(lost.filter((message) => !said.has(message))).toEqual([])
  const touched = new Set(Array.from(said, (message) => message.split(':')[0]))
  expect(wrong.filter((line) => !touched.has(line.split(':')[0]))).toEqual([])
  for (const service of stack.running())
    expect({ [service.name]: (await fetch(`${await service.address}/readyz`)).status }).toEqual({
      [service.name]: 200,
    })
}, 300_000)

/** How long the append-only file was, and when. */
function watchFile(folder: string) {
  const aof = join(folder, 'appendonlydir')
  const name = readdirSync(aof).find((each) => each.endsWith('.incr.aof'))
  if (!name) throw new Error('there is no append-only file')
  const path = join(aof, name)
  const sizes: { atMs: number; bytes: number }[] = []
  const look = () => void sizes.push({ atMs: Date.now(), bytes: statSync(path).size })
  look()
  const timer = setInterval(look, 20)
  onTestFinished(() => clearInterval(timer))
  return {
    isOlderThan: (ms: number) => Date.now() - (sizes[0]?.atMs ?? 0) > ms,
    cutTo(atMs: number) {
      const then = sizes.findLast((size) => size.atMs <= atMs)
      if (!then || then.bytes >= statSync(path).size) throw new Error('nothing would be cut off')
      truncateSync(path, then.bytes)
    },
  }
}

/** What was said then, as it is named where it is lost. */
function messagesBetween({ stack }: Installation, crowd: Crowd, fromMs: number, toMs: number): Set<string> {
  const { firstUser = 1001 } = crowd
  const users = Array.from({ length: crowd.chats }, (_, i) => firstUser + i)
  return new Set(
    users.flatMap((user, i) =>
      stack.telegram
        .messages(user, BOTS[i % BOTS.length])
        .filter(({ by }) => by === 'user')
        .flatMap(({ postedAtMs }, n) =>
          postedAtMs >= fromMs && postedAtMs <= toMs ? [`${user}: message ${n + 1}`] : [],
        ),
    ),
  )
}
