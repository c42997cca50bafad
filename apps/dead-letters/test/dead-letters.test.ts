import { fileURLToPath } from 'node:url'
import { createDeadLetters, createKeys, type DeadLetter } from '@chatlane/lanes'
import { createLog } from '@chatlane/runtime'
import { openTestRedis, startCommand, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const SHARDS = 3
const UPDATE: DeadLetter = {
  ...{ kind: 'update', botId: '7', homeId: '11', place: '', id: '501' },
  reason: 'given up after 5 tries; the last failed with TypeError',
}
const DELIVERY: DeadLetter = {
  ...{ kind: 'delivery', botId: '7', homeId: '-100', place: 't5', id: '502' },
  reason: 'its outcome stayed unknown',
}
const CONTENTS = {
  update: JSON.stringify({
    update_id: 501,
    message: { chat: { id: 11 }, from: { id: 11 }, text: 'a secret wish' },
  }),
  delivery: JSON.stringify({ payload: JSON.stringify({ method: 'sendMessage', text: 'a secret reply' }) }),
}

/** An installation with two dead letters, and the command as a process. */
async function openLetters() {
  const { redis, prefix, url } = openTestRedis()
  const keys = createKeys({ prefix, shards: SHARDS })
  const deadLetters = createDeadLetters({ redis, keys, log: createLog({ service: 'test', level: 'silent' }) })
  const replayed: string[] = []
  let mayReplay = true
  const serving = deadLetters.serve(async ({ id }) => {
    if (!mayReplay) throw new Error('not yet')
    replayed.push(id)
  })
  onTestFinished(async () => {
    await serving.stop()
    await deadLetters.close()
  })
  const failed = async () => {
    const counts = Array.from({ length: SHARDS }, (_, n) => deadLetters.queue(n).getFailedCount())
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }
  await deadLetters.park(UPDATE, CONTENTS.update)
  await deadLetters.park(DELIVERY, CONTENTS.delivery)
  await until(async () => (await failed()) === 2)
  return {
    ...{ redis, prefix, failed, replayed },
    refuseReplays: () => {
      mayReplay = false
    },
    run: (...args: string[]) =>
      startCommand({
        main: MAIN,
        args,
        env: { REDIS_URL: url, REDIS_PREFIX: prefix, LANE_SHARDS: String(SHARDS) },
      }).ended,
  }
}

test('what could not be done is listed: whose, when and why, without a word of it', async () => {
  const { run } = await openLetters()
  const { out, code } = await run('list')
  expect(code).toBe(0)
  const lines = out.trim().split('\n')
  expect(lines).toHaveLength(3)
  expect(out).toMatch(
    /\d{4}-\d\d-\d\d .* UTC {2}update-7-11-501 {2}update of chat 11, bot 7: given up after 5 tries; the last failed with TypeError\n/,
  )
  expect(out).toMatch(/delivery-7--100-502 {2}delivery of chat -100, bot 7: its outcome stayed unknown\n/)
  expect(lines.at(-1)).toBe('2 dead letters')
  expect(out).not.toContain('secret')
  expect((await run('list', '--limit', '1')).out).toContain('2 dead letters, 1 not shown')
  const filtered = JSON.parse((await run('list', '--chat', '-100', '--reason', 'UNKNOWN', '--json')).out)
  expect(filtered).toMatchObject([{ jobId: 'delivery-7--100-502', place: 't5', replays: 0 }])
  expect((await run('list', '--kind', 'update', '--chat', '-100')).out).toBe('0 dead letters\n')
  expect((await run('list', '--bot', '8')).out).toBe('0 dead letters\n')
})

test('one is shown with who sent it, and with what was written where that is asked for', async () => {
  const { run, redis, prefix } = await openLetters()
  const shown = await run('show', 'update-7-11-501')
  expect(shown.out).toContain('  user      11\n')
  expect(shown.out).toContain('a replay can do it again')
  expect(shown.out).not.toContain('secret')
  expect((await run('show', 'update-7-11-501', '--text')).out).toContain('  text      a secret wish\n')
  const asJson = await run('show', 'delivery-7--100-502', '--text', '--json')
  expect(JSON.parse(asJson.out)).toMatchObject({ text: 'a secret reply', isKept: true })
  for (const key of await redis.keys(`${prefix}:*:dead:*`)) await redis.del(key)
  expect((await run('show', 'update-7-11-501', '--text')).out).toContain('gone: it can only be dropped')
  const missing = await run('show', 'update-7-11-9')
  expect(missing).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is no dead letter update-7-11-9'),
  })
})

test('those that are named are replayed, and how often one failed again is told', async () => {
  const { run, replayed, failed, refuseReplays } = await openLetters()
  expect(await run('replay', 'update-7-11-501', 'no-such-letter')).toMatchObject({ code: 1 })
  expect(await failed()).toBe(2)
  expect((await run('replay', 'update-7-11-501')).out).toBe('1 dead letter retried\n')
  await until(() => replayed.includes('501'))
  refuseReplays()
  expect((await run('replay', '--all')).out).toBe('1 dead letter retried\n')
  await until(async () => /: not yet \(replayed 1 time\)\n/.test((await run('list')).out))
})

test('dropping asks, and throws the contents away too', async () => {
  const { run, redis, prefix, failed } = await openLetters()
  const asked = await run('drop', '--all')
  expect(asked).toMatchObject({ code: 1, err: expect.stringContaining('add --yes') })
  expect(await failed()).toBe(2)
  expect((await run('drop', '--all', '--kind', 'delivery', '-y')).out).toBe('1 dead letter thrown away\n')
  expect((await run('drop', 'update-7-11-501', '-y')).out).toBe('1 dead letter thrown away\n')
  expect(await failed()).toBe(0)
  expect(await redis.keys(`${prefix}:*:dead:*`)).toEqual([])
})
