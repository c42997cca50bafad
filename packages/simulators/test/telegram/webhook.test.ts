/** Webhooks: queues, retries, repetition. */
import { expect, test } from 'vitest'
import type { Update } from '../../src/index.ts'
import { call, say, startGateway, startSimulator } from './raw-client.ts'

const textOf = (update: Update) => (update.message as { text?: string } | undefined)?.text

test('updates are posted with the secret, and getUpdates is refused meanwhile', async () => {
  const simulator = await startSimulator()
  const gateway = await startGateway()
  simulator.phone.sendText({ from: 5, text: 'before' })
  const set = await call(simulator, 'setWebhook', {
    url: gateway.url,
    secret_token: 's3',
    max_connections: 7,
  })
  expect(set).toMatchObject({ result: true, description: 'Webhook was set' })
  simulator.phone.sendText({ from: 5, text: 'after' })
  await simulator.waitUntil(() => simulator.ledger().bots[0]?.updates.delivered === 2)
  expect(gateway.got.map(textOf)).toEqual(['before', 'after'])
  expect(gateway.headers[0]?.['x-telegram-bot-api-secret-token']).toBe('s3')
  expect((await call(simulator, 'getUpdates')).description).toMatch(/^Conflict: can't use getUpdates/)
  expect((await call(simulator, 'getWebhookInfo')).result).toMatchObject({
    url: gateway.url,
    max_connections: 7,
    pending_update_count: 0,
  })
  expect((await call(simulator, 'deleteWebhook')).description).toBe('Webhook was deleted')
  expect((await call(simulator, 'getUpdates')).result).toEqual([])
})

test('a webhook that is neither https nor on loopback is refused', async () => {
  const simulator = await startSimulator()
  const answer = await call(simulator, 'setWebhook', { url: 'http://example.org/hook' })
  expect(answer.description).toBe('Bad Request: bad webhook: An HTTPS URL must be provided for webhook')
})

test('one chat waits for its failed update while others go on, and order is kept', async () => {
  const simulator = await startSimulator({ webhookRetryBaseMs: 1 })
  let failures = 3
  const gateway = await startGateway((update, response) => {
    response.statusCode = textOf(update) === 'a1' && failures-- > 0 ? 500 : 200
    response.end()
  })
  await call(simulator, 'setWebhook', { url: gateway.url })
  simulator.phone.sendText({ from: 5, text: 'a1' })
  simulator.phone.sendText({ from: 5, text: 'a2' })
  simulator.phone.sendText({ from: 6, text: 'b1' })
  await simulator.waitUntil(() => simulator.ledger().bots[0]?.updates.delivered === 3)
  expect(gateway.got.map(textOf).filter((text) => text !== 'b1')).toEqual(['a1', 'a1', 'a1', 'a1', 'a2'])
  expect(simulator.ledger().bots[0]?.updates).toMatchObject({ attempted: 6, failed: 3, delivered: 3 })
  expect((await call(simulator, 'getWebhookInfo')).result.last_error_message).toBe(
    'Wrong response from the webhook: 500',
  )
})

test('one update of a chat is in flight at a time, and a button overtakes its chat', async () => {
  const simulator = await startSimulator()
  const held: (() => void)[] = []
  const gateway = await startGateway((update, response) => {
    if (update.callback_query === undefined) held.push(() => response.end())
    else response.end()
  })
  await say(simulator, 5, 'menu', {
    reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'b' }]] },
  })
  await call(simulator, 'setWebhook', { url: gateway.url })
  simulator.phone.sendText({ from: 5, text: 'first' })
  simulator.phone.sendText({ from: 5, text: 'second' })
  simulator.phone.pressButton({ from: 5, messageId: 1 })
  await simulator.waitUntil(() => simulator.ledger().bots[0]?.updates.delivered === 1)
  await simulator.waitUntil(() => held.length === 1 || gateway.got.length === 2)
  expect(gateway.got.map(textOf)).not.toContain('second')
  const next = simulator.waitFor((event) => event.type === 'acknowledge')
  held.shift()?.()
  await next
  const last = simulator.waitFor((event) => event.type === 'acknowledge')
  const release = () => (held.length > 0 ? held.shift()?.() : setImmediate(release))
  release()
  await last
  expect(gateway.got.map(textOf).filter(Boolean)).toEqual(['first', 'second'])
})

test('Retry-After of the gateway is obeyed', async () => {
  const simulator = await startSimulator({ webhookRetryBaseMs: 1 })
  const times: number[] = []
  const gateway = await startGateway((_, response) => {
    times.push(performance.now())
    if (times.length === 1) response.writeHead(503, { 'retry-after': '80' })
    response.end()
  })
  await call(simulator, 'setWebhook', { url: gateway.url })
  simulator.phone.sendText({ from: 5, text: 'x' })
  await simulator.waitFor((event) => event.type === 'acknowledge')
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(75)
})

test('every update can be posted twice, to two gateways, and counts once', async () => {
  const [one, two] = [await startGateway(), await startGateway()]
  const simulator = await startSimulator({ webhookMirrors: [new URL(two.url).origin], doubleWithinMs: 5 })
  await call(simulator, 'setWebhook', { url: one.url })
  for (const text of ['a', 'b', 'c', 'd']) simulator.phone.sendText({ from: 5, text })
  await simulator.waitUntil(() => {
    const updates = simulator.ledger().bots[0]?.updates
    return updates?.delivered === 4 && updates.duplicates === 4
  })
  expect(one.got.map(textOf).sort()).toEqual(['a', 'b', 'c', 'd'])
  expect(two.got.map(textOf).sort()).toEqual(['a', 'b', 'c', 'd'])
})

test('a doubled update whose one gateway is away is delivered by the other', async () => {
  const gateway = await startGateway()
  const simulator = await startSimulator({ webhookMirrors: ['http://127.0.0.1:1'], doubleWithinMs: 0 })
  await call(simulator, 'setWebhook', { url: gateway.url })
  simulator.phone.sendText({ from: 5, text: 'a' })
  simulator.phone.sendText({ from: 5, text: 'b' })
  await simulator.waitUntil(() => simulator.ledger().bots[0]?.updates.delivered === 2)
  expect(gateway.got.map(textOf)).toEqual(['a', 'b'])
})

test('acknowledged updates come again when ordered, by name or by chance', async () => {
  const gateway = await startGateway()
  const simulator = await startSimulator()
  await call(simulator, 'setWebhook', { url: gateway.url })
  simulator.phone.sendText({ from: 5, text: 'a' })
  const acknowledged = await simulator.waitFor((event) => event.type === 'acknowledge')
  const again = simulator.waitFor((event) => event.type === 'delivery')
  simulator.redeliver({ updateId: acknowledged.type === 'acknowledge' ? acknowledged.updateId : 0 })
  await again
  simulator.setDeliveryFaults({ redeliverProbability: 1, redeliverAfterMs: [0, 2] })
  simulator.phone.sendText({ from: 5, text: 'b' })
  await simulator.waitUntil(() => simulator.ledger().bots[0]?.updates.duplicates === 2)
  expect(gateway.got.map(textOf)).toEqual(['a', 'a', 'b', 'b'])
})

test('pending updates can be dropped when a webhook is set', async () => {
  const gateway = await startGateway()
  const simulator = await startSimulator()
  simulator.phone.sendText({ from: 5, text: 'old' })
  await call(simulator, 'setWebhook', { url: gateway.url, drop_pending_updates: true })
  simulator.phone.sendText({ from: 5, text: 'new' })
  await simulator.waitFor((event) => event.type === 'acknowledge')
  expect(gateway.got.map(textOf)).toEqual(['new'])
})
