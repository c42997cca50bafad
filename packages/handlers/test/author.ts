/** Loads authors' files for tests, as a worker does, and runs updates through them. */
import { createRequire } from 'node:module'
import type { Update, UserFromGetMe } from 'telegraf/types'
import { onTestFinished } from 'vitest'
import type { BotAnswer, HandlerCall, HandlerHost, Handlers, LoadOptions } from '../src/index.ts'

// By Node itself: vitest evaluates what is imported in its own way, and authors' files would be, too.
export const { loadHandlers, HandlersError } = createRequire(import.meta.url)(
  '../src/index.ts',
) as typeof import('../src/index.ts')

/** The token that the files are loaded for. */
export const TOKEN = '700:secret'

const ME: UserFromGetMe = {
  id: 700,
  is_bot: true,
  first_name: 'Lane',
  username: 'lane_bot',
  can_join_groups: true,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
}

/** A call without its functions. */
export type Seen = Pick<HandlerCall<string>, 'turn' | 'token' | 'method' | 'payload' | 'hasFiles'>

/** A host whose turns are strings, and what it has seen. */
export interface TestHost extends HandlerHost<string> {
  calls: Seen[]
  ignored: string[]
  /** By property and key. */
  sessions: Map<string, string>
  turnsOfSessions: Set<string>
  /** What was said with `sendMessage`. */
  texts(): unknown[]
}

/** A host that answers as `answer` says: without, as if all were well. */
export function createHost(
  answer: (call: HandlerCall<string>) => BotAnswer | Promise<BotAnswer> = ({ method }) => ({
    ok: true,
    result: method === 'getMe' ? ME : { message_id: 1 },
  }),
): TestHost {
  const calls: Seen[] = []
  const ignored: string[] = []
  const sessions = new Map<string, string>()
  const turnsOfSessions = new Set<string>()
  const name = (key: string, isDefaultKey: boolean, property: string) =>
    `${property}${isDefaultKey ? '' : ' by'} ${key}`
  return {
    calls,
    ignored,
    sessions,
    turnsOfSessions,
    texts: () => calls.filter(({ method }) => method === 'sendMessage').map(({ payload }) => payload.text),
    async call(call) {
      const { turn, token, method, payload, hasFiles } = call
      calls.push({ turn, token, method, payload, hasFiles })
      return answer(call)
    },
    async readSession(turn, key, isDefaultKey, property) {
      turnsOfSessions.add(turn)
      const json = sessions.get(name(key, isDefaultKey, property))
      return json === undefined ? undefined : JSON.parse(json)
    },
    async writeSession(turn, key, value, isDefaultKey, property) {
      turnsOfSessions.add(turn)
      if (value === undefined || value === null) sessions.delete(name(key, isDefaultKey, property))
      else sessions.set(name(key, isDefaultKey, property), JSON.stringify(value))
    },
    onIgnored: (what) => void ignored.push(what),
  }
}

let loads = 0

/** Where a fixture is. Its module is a new one at each call, CommonJS aside. */
export function fixture(name: string): string {
  return new URL(`fixtures/${name}?${++loads}`, import.meta.url).href
}

/** Loads a fixture, or a file by its URL, and stops it with the test. */
export async function load(
  name: string,
  options: Partial<LoadOptions<string>> = {},
): Promise<Handlers<string> & { host: TestHost }> {
  const host = createHost()
  const file = name.startsWith('file:') ? name : fixture(name)
  const apiRoot = 'http://127.0.0.1:1'
  const handlers = await loadHandlers<string>({ file, token: TOKEN, apiRoot, host, ...options })
  onTestFinished(() => handlers.stop())
  return { host, ...handlers }
}

/** How `say` runs an update. */
export interface Saying {
  turn?: string
  token?: string
  from?: number
  chat?: number
  decorate?(ctx: object): void
  next?(): Promise<void>
}

/** Runs a message of user 5 in their private chat through the handlers. */
export function say(
  handlers: Pick<Handlers<string>, 'run'>,
  text: string,
  saying: Saying = {},
): Promise<void> {
  const { turn = 'turn', token = TOKEN, from = 5, chat = from, decorate, next } = saying
  return handlers.run({
    turn,
    token,
    update: messageOf(text, from, chat),
    botInfo: ME,
    decorate: (ctx) => decorate?.(ctx),
    next: async () => next?.(),
  })
}

function messageOf(text: string, from: number, chat: number): Update {
  const command = /^\/\w+/.exec(text)
  return {
    update_id: 1,
    message: {
      message_id: 1,
      date: 1,
      chat: { id: chat, type: 'private', first_name: 'Ann' },
      from: { id: from, is_bot: false, first_name: 'Ann' },
      text,
      ...(command && { entities: [{ type: 'bot_command', offset: 0, length: command[0].length }] }),
    },
  }
}

/** What a fixture tells. */
export const SAID = 'handlers-fixture'

/** Gathers what fixtures tell, until the test has finished. */
export function listen(): unknown[] {
  const said: unknown[] = []
  const onSaid = (what: unknown) => void said.push(what)
  process.on(SAID as never, onSaid as never)
  onTestFinished(() => void process.off(SAID, onSaid))
  return said
}
