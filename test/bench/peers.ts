/** The clients that bots are written with by hand, as peers of the sender. */
import { Agent } from 'node:http'
import { createRequire } from 'node:module'
import type { FormattedText } from '@chatlane/telegram'

/** The peers by name. */
export type PeerName = 'telegraf' | 'grammy'

/** The two calls that are measured. */
export interface Peer {
  /** Answers the id of the message. */
  send(chatId: number, text: FormattedText): Promise<number>
  edit(chatId: number, messageId: number, text: FormattedText): Promise<unknown>
}

interface Client {
  sendMessage(chatId: number, text: string, extra: object): Promise<{ message_id: number }>
  editMessageText(...args: unknown[]): Promise<unknown>
}

type Telegraf = Client & { options: { agent: Agent | undefined } }
type ClientOf<T> = new (token: string, options: { apiRoot: string }) => T

// The simulators are tested with both clients; the same versions are measured here.
const requireClient = createRequire(new URL('../../packages/simulators/package.json', import.meta.url))
const link_preview_options = { is_disabled: true }

/** A peer that sends through the client `name`. */
export function createPeer(name: PeerName, client: { token: string; apiRoot: string }): Peer {
  return name === 'telegraf' ? telegrafPeer(client) : grammyPeer(client)
}

function telegrafPeer({ token, apiRoot }: { token: string; apiRoot: string }): Peer {
  const { Telegram } = requireClient('telegraf') as { Telegram: ClientOf<Telegraf> }
  const telegram = new Telegram(token, { apiRoot })
  // It keeps its connections on https only; the simulator speaks http.
  telegram.options.agent = new Agent({ keepAlive: true })
  return {
    send: async (chatId, { text, entities }) =>
      (await telegram.sendMessage(chatId, text, { entities, link_preview_options })).message_id,
    edit: (chatId, messageId, { text, entities }) =>
      telegram.editMessageText(chatId, messageId, undefined, text, { entities, link_preview_options }),
  }
}

function grammyPeer({ token, apiRoot }: { token: string; apiRoot: string }): Peer {
  const { Api } = requireClient('grammy') as { Api: ClientOf<Client> }
  const api = new Api(token, { apiRoot })
  return {
    send: async (chatId, { text, entities }) =>
      (await api.sendMessage(chatId, text, { entities, link_preview_options })).message_id,
    edit: (chatId, messageId, { text, entities }) =>
      api.editMessageText(chatId, messageId, text, { entities, link_preview_options }),
  }
}
