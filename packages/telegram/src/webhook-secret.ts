// The secret that follows from a bot's token.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

const SECRET_LABEL = 'chatlane webhook secret 1'

/**
 * The `secret_token` that a bot's webhook is registered with unless the operator names one: 43 characters of those
 * Telegram allows. It says nothing of the token, and every gateway derives the same.
 */
export function defaultWebhookSecret(token: string): string {
  return createHmac('sha256', token).update(SECRET_LABEL).digest('base64url')
}

/** Whether a secret is the expected one, in a time that tells nothing. An empty expectation matches nothing. */
export function secretMatches(expected: string, given: string | undefined): boolean {
  const isSame = timingSafeEqual(digest(expected), digest(given ?? ''))
  return isSame && expected !== '' && given !== undefined
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
