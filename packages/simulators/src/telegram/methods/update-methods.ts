/** Methods by which a bot gets its updates: getUpdates, setWebhook, deleteWebhook, getWebhookInfo. */
import { BotApiError, badRequest, tooManyRequests } from '../bot-api-error.ts'
import { nowMs } from '../clock.ts'
import { readArray, readFlag, readInteger, readString } from '../params.ts'
import { webhookProblem } from '../webhook-targets.ts'
import { type Call, Described, type Methods } from './method.ts'

const MOST_POLL_SECONDS = 50
const DEFAULT_CONNECTIONS = 40
const WEBHOOK_ACTIVE =
  "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

function getUpdates({ bot, params, whenGone }: Call): Promise<unknown> {
  if (bot.webhook !== undefined) throw new BotApiError(409, WEBHOOK_ACTIVE)
  readAllowed({ bot, params })
  return bot.polls.poll({
    offset: readInteger(params, 'offset') ?? 0,
    limit: clamp(readInteger(params, 'limit') ?? 100, 1, 100),
    timeoutSeconds: clamp(readInteger(params, 'timeout') ?? 0, 0, MOST_POLL_SECONDS),
    signal: whenGone(),
  })
}

function readAllowed({ bot, params }: Pick<Call, 'bot' | 'params'>): void {
  const kinds = readArray(params, 'allowed_updates')
  if (kinds !== undefined) bot.updates.allow(kinds.map(String))
}

async function setWebhook(call: Call): Promise<Described> {
  const { bot, world, params } = call
  const url = readString(params, 'url') ?? ''
  if (url === '') return deleteWebhook(call)
  const problem = webhookProblem(url)
  if (problem !== undefined) throw badRequest(problem)
  const secretToken = readString(params, 'secret_token')
  if (secretToken !== undefined && !/^[\w-]{0,256}$/.test(secretToken)) {
    throw badRequest('secret token contains unallowed characters')
  }
  if (world.settings.limits.enforce && nowMs() - bot.webhookSetAtMs < 1000) throw tooManyRequests(1)
  bot.webhookSetAtMs = nowMs()
  readAllowed(call)
  dropPending(call)
  const maxConnections = clamp(readInteger(params, 'max_connections') ?? DEFAULT_CONNECTIONS, 1, 100)
  const current = bot.webhook?.webhook
  if (
    current?.url === url &&
    current.secretToken === (secretToken || undefined) &&
    current.maxConnections === maxConnections
  ) {
    return new Described(true, 'Webhook is already set')
  }
  await bot.setWebhook({ url, secretToken: secretToken || undefined, maxConnections })
  return new Described(true, 'Webhook was set')
}

async function deleteWebhook(call: Call): Promise<Described> {
  dropPending(call)
  if (call.bot.webhook === undefined) return new Described(true, 'Webhook is already deleted')
  await call.bot.deleteWebhook()
  return new Described(true, 'Webhook was deleted')
}

function dropPending({ bot, params }: Call): void {
  if (!readFlag(params, 'drop_pending_updates')) return
  for (const updateId of [...bot.updates.pending.keys()]) bot.updates.drop(updateId)
}

function getWebhookInfo({ bot }: Call): unknown {
  const { webhook, updates } = bot
  const lastError = webhook?.lastError
  return {
    url: webhook?.webhook.url ?? '',
    has_custom_certificate: false,
    pending_update_count: updates.pending.size,
    ...(webhook && { max_connections: webhook.webhook.maxConnections, ip_address: '127.0.0.1' }),
    ...(lastError && { last_error_date: lastError.dateSeconds, last_error_message: lastError.message }),
    ...(updates.allowed && { allowed_updates: [...updates.allowed] }),
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}

/** Methods for updates. */
export const updateMethods: Methods = {
  getUpdates: { cost: 'free', run: getUpdates },
  setWebhook: { cost: 'free', run: setWebhook },
  deleteWebhook: { cost: 'free', run: deleteWebhook },
  getWebhookInfo: { cost: 'free', run: getWebhookInfo },
}
