/** POSTs updates to a bot's gateways over connections that are kept open. */
import { Pool } from 'undici'
import type { Update } from './bot-api-types.ts'

/** A registered webhook. */
export interface Webhook {
  url: string
  secretToken: string | undefined
  /** Requests under way at once. */
  maxConnections: number
}

/** How a POST ended. `status` 0: no answer came. */
export interface WebhookAnswer {
  status: number
  /** As getWebhookInfo words it, undefined for a 2xx. */
  error: string | undefined
  retryAfterSeconds: number | undefined
  body: Buffer
  contentType: string
}

const NOTHING = Buffer.alloc(0)
const KEPT_OPEN_MS = 60_000

/** One pool of connections per origin. */
export class WebhookClient {
  private readonly pools = new Map<string, Pool>()
  private readonly webhook: Webhook
  private readonly timeoutMs: number
  private readonly signal: AbortSignal

  constructor(options: { webhook: Webhook; timeoutMs: number; signal: AbortSignal }) {
    this.webhook = options.webhook
    this.timeoutMs = options.timeoutMs
    this.signal = options.signal
  }

  /** Never rejects. */
  async post(url: string, update: Update): Promise<WebhookAnswer> {
    const { origin, pathname, search } = new URL(url)
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (this.webhook.secretToken !== undefined) {
      headers['x-telegram-bot-api-secret-token'] = this.webhook.secretToken
    }
    try {
      const {
        statusCode,
        headers: got,
        body,
      } = await this.pool(origin).request({
        path: pathname + search,
        method: 'POST',
        headers,
        body: JSON.stringify(update),
        signal: this.signal,
      })
      const bytes = Buffer.from(await body.arrayBuffer())
      const isSuccess = statusCode >= 200 && statusCode < 300
      const retryAfter = Number(got['retry-after'])
      return {
        status: statusCode,
        error: isSuccess ? undefined : `Wrong response from the webhook: ${statusCode}`,
        retryAfterSeconds: retryAfter > 0 ? Math.min(retryAfter, 3600) : undefined,
        body: bytes,
        contentType: String(got['content-type'] ?? ''),
      }
    } catch (error) {
      return {
        status: 0,
        error: reasonOf(error),
        retryAfterSeconds: undefined,
        body: NOTHING,
        contentType: '',
      }
    }
  }

  /** Breaks all connections. */
  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.destroy()))
  }

  private pool(origin: string): Pool {
    const known = this.pools.get(origin)
    if (known !== undefined) return known
    const pool = new Pool(origin, {
      connections: this.webhook.maxConnections,
      pipelining: 1,
      headersTimeout: this.timeoutMs,
      bodyTimeout: this.timeoutMs,
      keepAliveTimeout: KEPT_OPEN_MS,
    })
    this.pools.set(origin, pool)
    return pool
  }
}

function reasonOf(error: unknown): string {
  const code = (error as { code?: string }).code ?? ''
  if (code === 'ECONNREFUSED') return 'Connection refused'
  if (code.endsWith('TIMEOUT')) return 'Read timeout expired'
  return 'Connection reset by peer'
}
