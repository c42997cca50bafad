import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { openDoor } from './door.ts'
import { openStack, TOKEN } from './stack.ts'

const ANNA = 11
const OF_UPDATES = ['getUpdates', 'setWebhook', 'deleteWebhook', 'logOut', 'close']

test('a bot whose updates this installation leaves to others polls through the door', async () => {
  const stack = await openStack({})
  const { telegram } = stack
  telegram.phone.createUser({ id: ANNA })
  const door = await openDoor(stack)
  expect((await door.call('deleteWebhook')).body).toEqual({
    ok: true,
    result: true,
    description: 'Webhook is already deleted',
  })
  const asked = door.call('getUpdates', { timeout: 50 })
  telegram.phone.sendText({ from: ANNA, text: 'hi' })
  const updates = (await asked).body.result as { update_id: number; message: { text: string } }[]
  expect(updates.map(({ message }) => message.text)).toEqual(['hi'])

  const leaving = new AbortController()
  const offset = (updates[0]?.update_id ?? 0) + 1
  const acknowledged = telegram.waitFor((event) => event.type === 'acknowledge')
  const left = fetch(`${door.url}/bot${TOKEN}/getUpdates?timeout=50&offset=${offset}`, {
    signal: leaving.signal,
  }).catch(() => 'left')
  await acknowledged
  const ended = telegram.waitFor((event) => event.type === 'call' && event.method === 'getUpdates')
  leaving.abort()
  expect(await left).toBe('left')
  await ended
})

test('a bot whose updates this installation receives keeps them', async () => {
  const stack = await openStack({})
  const polling = await openDoor(stack, { UPDATES: 'polling' })
  for (const method of OF_UPDATES) {
    const { status, body } = await polling.call(method)
    expect([method, status, body.error_code]).toEqual([method, 409, 409])
    expect(body.description).toContain("Conflict: Chatlane receives this bot's updates")
  }
  expect((await polling.call('getWebhookInfo')).body.ok).toBe(true)
  await polling.gateway.stop()
  const registered = stack.telegram.waitFor((event) => event.type === 'webhook', 30_000)
  const webhook = await openDoor(stack, { PUBLIC_URL: 'http://127.0.0.1:1' })
  await registered
  expect((await webhook.call('DELETEWEBHOOK')).status).toBe(409)
})

test('a gateway that stops ends what waits, and what it has put waits on', async () => {
  const stack = await openStack({})
  stack.telegram.phone.createUser({ id: ANNA })
  const door = await openDoor(stack)
  const polls = door.call('getUpdates', { timeout: 50 })
  const sends = door.call('sendMessage', { chat_id: ANNA, text: 'a' })
  await until(() => stack.telegram.ledger().bots[0]?.calls.getUpdates === 1)
  await until(() => stack.redis.redis.exists(`${stack.redis.prefix}:{s0}:out:7001:${ANNA}`))
  const stopped = door.gateway.stop()
  expect((await polls).status).toBe(504)
  expect((await sends).body).toMatchObject({ error_code: 504, description: expect.stringContaining('stops') })
  expect(await stopped).toBe(0)
  await stack.start('sender')
  await stack.telegram.waitUntil(() => stack.telegram.messages(ANNA).length === 1, 30_000)
})
