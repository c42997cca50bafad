import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHomes, createKeys } from '@chatlane/lanes'
import { createBotApi } from '@chatlane/telegram'
import { openTestRedis } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import type { DoorCall } from '../../src/bot-api/door-call.ts'
import { uploadCall } from '../../src/bot-api/upload-call.ts'

const BODY = Buffer.from('--x\r\nno matter what\r\n--x--')
const CALL: DoorCall = {
  bot: { id: '7', token: '7:AAtoken', secret: 's', allowedUpdates: [] },
  method: 'sendPhoto',
  route: 'outbox',
  headers: { keyDigest: undefined, class: 1, waits: true },
  query: 'caption=a',
  payload: { chat_id: '-5' },
  hasFiles: true,
  raw: { query: 'caption=a', contentType: 'multipart/form-data; boundary=x', body: BODY },
}

/** A Telegram in which the group -5 has become -1005; `answer` says what it answers. */
async function openTelegram(answer: (url: string) => object) {
  const seen: { url: string | undefined; type: string | undefined; body: Buffer }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    seen.push({ url: request.url, type: request.headers['content-type'], body: Buffer.concat(chunks) })
    response.end(JSON.stringify(answer(request.url ?? '')))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const api = createBotApi({ apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  onTestFinished(async () => {
    await api.close()
    server.close()
  })
  const { redis, prefix } = openTestRedis()
  const homes = createHomes({ redis, keys: createKeys({ prefix, shards: 1 }) })
  return { seen, homes, parts: { api, homes, ending: new AbortController().signal } }
}

const MIGRATED = {
  ok: false,
  error_code: 400,
  description: 'Bad Request: group chat was upgraded to a supergroup chat',
  parameters: { migrate_to_chat_id: -1005 },
}

test('the request is passed on byte for byte, and one to a group that has moved follows it', async () => {
  const { seen, homes, parts } = await openTelegram((url) =>
    url.includes('chat_id=-1005') ? { ok: true, result: true } : MIGRATED,
  )
  expect(await uploadCall(parts, CALL)).toMatchObject({ kind: 'refused', migrateToChatId: -1005 })
  await homes.noteMigration('7', { from: '-5', to: '-1005' })
  expect(await uploadCall(parts, CALL)).toEqual({ kind: 'ok', result: true })
  const [first, second] = seen
  expect(first).toEqual({ url: '/bot7:AAtoken/sendPhoto?caption=a', type: CALL.raw.contentType, body: BODY })
  expect(second).toEqual({ ...first, url: '/bot7:AAtoken/sendPhoto?chat_id=-1005&caption=a' })
})

test('where following does not help the call ends', async () => {
  const { homes, parts } = await openTelegram(() => MIGRATED)
  await homes.noteMigration('7', { from: '-5', to: '-1005' })
  const outcome = await uploadCall(parts, CALL)
  expect(outcome).toMatchObject({ kind: 'refused', code: 400 })
  expect(outcome).not.toHaveProperty('migrateToChatId')
})
