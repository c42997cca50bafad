/** A playground of the test's own, and a stand-in for the bot behind it. */
import { createLog } from '@chatlane/runtime'
import { onTestFinished } from 'vitest'
import type { PlaygroundConfig } from '../src/config.ts'
import { startPlayground } from '../src/playground.ts'

/** The fields of the server's answers that tests look at. */
interface AnswerBody {
  id: number
  model: string
  isTyping: boolean
  people: { id: number }[]
  chats: { id: number; kind: string }[]
  messages: unknown[]
  draft?: unknown
  queryId: string
}

/** Starts a playground; call inside a test. */
export async function openPlayground(change: Partial<PlaygroundConfig> = {}) {
  const config: PlaygroundConfig = {
    host: '127.0.0.1',
    port: 0,
    model: 'simulated',
    gatewayPort: undefined,
    monitorPort: undefined,
    logLevel: 'silent',
    ...change,
  }
  const log = createLog({ service: 'playground', level: 'silent' })
  const told: Record<string, string>[] = []
  const playground = await startPlayground({
    config,
    log,
    tell: async (settings) => {
      told.push(settings)
    },
  })
  onTestFinished(() => playground.stop())
  const { address, settings } = playground
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${address}${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
    return { status: answer.status, body: (await answer.json()) as AnswerBody }
  }
  return {
    playground,
    address,
    told,
    get: (path: string) => ask('GET', path),
    post: (path: string, body: unknown) => ask('POST', path, body),
    patch: (path: string, body: unknown) => ask('PATCH', path, body),
    remove: (path: string) => ask('DELETE', path),
    /** Lifts Telegram's limits, for tests that look at many changes of one chat. */
    async liftLimits(): Promise<void> {
      await fetch(`${settings.TELEGRAM_API_ROOT}/sim/limits`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ enforce: false }),
      })
    },
    bot: createBot(`${settings.TELEGRAM_API_ROOT}/bot${settings.TELEGRAM_BOT_TOKEN}`),
  }
}

/** An update as the stand-in reads it. */
export interface TakenUpdate {
  update_id: number
  message?: TakenMessage
  edited_message?: TakenMessage
  callback_query?: { id: string; data: string; from: { id: number } }
  stopped_message_generation?: { chat: { id: number }; draft_id: number }
}

interface TakenMessage {
  message_id: number
  text: string
  chat: { id: number; type: string }
  from: { id: number; first_name: string; language_code: string }
  reply_to_message?: { message_id: number }
}

function createBot(root: string) {
  let offset = 0
  const call = <T>(method: string, payload: Record<string, unknown>): Promise<T> =>
    send(method, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(payload) })
  const send = async <T>(method: string, content: RequestInit): Promise<T> => {
    const answer = await fetch(`${root}/${method}`, { method: 'POST', ...content })
    const { ok, result, description } = (await answer.json()) as {
      ok: boolean
      result: T
      description: string
    }
    if (!ok) throw new Error(description)
    return result
  }
  return {
    call,
    /** Calls a method with files. */
    upload<T>(method: string, payload: Record<string, unknown>, files: Record<string, File>): Promise<T> {
      const body = new FormData()
      for (const [name, value] of Object.entries(payload)) body.set(name, JSON.stringify(value))
      for (const [name, file] of Object.entries(files)) body.set(name, file)
      return send(method, { body })
    },
    /** The next update; waits for it. */
    async take(): Promise<TakenUpdate> {
      for (;;) {
        const [update] = await call<TakenUpdate[]>('getUpdates', { offset, limit: 1, timeout: 50 })
        if (!update) continue
        offset = update.update_id + 1
        return update
      }
    },
  }
}

/** Anna, Борис and the group as every playground has them. */
export const ANNA = 500_000_001
export const BORIS = 500_000_002
export const GROUP = -1_001_000_000_001
