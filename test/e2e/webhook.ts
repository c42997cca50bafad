/** Points the simulator's webhook at gateways that register none themselves. */
import type { ServiceProcess } from './service-process.ts'
import { type Stack, TOKEN } from './stack.ts'

/** What the gateways of a test expect in Telegram's header. */
export const WEBHOOK_SECRET = 'a-secret-of-the-test'

/** The settings of such gateways. */
export const WEBHOOK_ENVIRONMENT = { UPDATES: 'webhook', TELEGRAM_WEBHOOK_SECRET: WEBHOOK_SECRET }

/** Registers the first gateway and makes the others its mirrors, for the bots of `tokens`. */
export async function pointWebhook(
  stack: Stack,
  gateways: readonly ServiceProcess[],
  tokens: readonly string[] = [TOKEN],
): Promise<void> {
  const [first, ...others] = await Promise.all(gateways.map((gateway) => gateway.address))
  stack.telegram.setDeliveryFaults({ mirrors: others })
  for (const token of tokens) {
    const answer = await fetch(`${stack.telegram.url}/bot${token}/setWebhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        url: `${first}/telegram/${token.split(':')[0]}`,
        secret_token: WEBHOOK_SECRET,
        max_connections: 100,
      }),
    })
    if (!answer.ok) throw new Error(`setWebhook came to ${answer.status}`)
  }
}
