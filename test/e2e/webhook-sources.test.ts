import { expect, test } from 'vitest'
import { openStack } from './stack.ts'
import { WEBHOOK_ENVIRONMENT, WEBHOOK_SECRET } from './webhook.ts'

const OF_TELEGRAM = '149.154.161.5'
const ELSEWHERE = '203.0.113.7'

async function openGateway(environment: Record<string, string>) {
  const stack = await openStack({ environment: { ...WEBHOOK_ENVIRONMENT, ...environment } })
  const gateway = await stack.start('gateway')
  let updateId = 0
  return async (forwardedFor?: string) => {
    const answer = await fetch(`${await gateway.address}/telegram/7001`, {
      method: 'POST',
      headers: {
        'x-telegram-bot-api-secret-token': WEBHOOK_SECRET,
        ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
      },
      body: JSON.stringify({ update_id: ++updateId, message: { chat: { id: 11, type: 'private' } } }),
    })
    return answer.status
  }
}

test('behind a trusted proxy updates are taken from Telegram’s addresses alone', async () => {
  const post = await openGateway({ WEBHOOK_SOURCES: 'telegram', TRUSTED_PROXIES: '127.0.0.0/8' })
  expect(await post(OF_TELEGRAM)).toBe(200)
  expect(await post('91.108.7.255')).toBe(200)
  expect(await post(ELSEWHERE)).toBe(403)
  // Whoever asks the proxy can say whatever they like of those before them.
  expect(await post(`${OF_TELEGRAM}, ${ELSEWHERE}`)).toBe(403)
  expect(await post()).toBe(403)
})

test('nobody else is believed about addresses', async () => {
  const near = await openGateway({ WEBHOOK_SOURCES: '127.0.0.1' })
  expect(await near(ELSEWHERE)).toBe(200)
  const far = await openGateway({ WEBHOOK_SOURCES: 'telegram', TRUSTED_PROXIES: '192.0.2.1' })
  expect(await far(OF_TELEGRAM)).toBe(403)
})
