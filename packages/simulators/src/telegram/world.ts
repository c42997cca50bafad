/** Who and what there is: bots, users, chats with their members and topics, and the messages in them. */

import type { Bot } from './bot.ts'
import { badRequest, forbidden, SimulatorError } from './bot-api-error.ts'
import type { Chat, User } from './bot-api-types.ts'
import { BoundedMap } from './bounded-map.ts'
import type { EventHub } from './event-hub.ts'
import { FileStore } from './file-store.ts'
import type { GroupState } from './group.ts'
import type { Invoice } from './invoice.ts'
import type { Settings } from './options.ts'
import type { PollState } from './poll-state.ts'
import { createRandom, type Random } from './random.ts'
import { type PostedMessage, Room, type RoomOptions } from './room.ts'

/** Ids of supergroups and channels are below it, those of basic groups above. */
export const SUPERGROUPS_FROM = -1_000_000_000_000

const MOST_KEPT = 10_000
const BLOCKED = 'bot was blocked by the user'
const DEACTIVATED = 'user is deactivated'

/** A user and what the server knows beside the profile. */
export interface UserState {
  user: User
  isDeactivated: boolean
}

/** Where a bot's call goes: the chat as that bot sees it. */
export interface Place {
  chat: Chat
  room: Room
  group: GroupState | undefined
}

/** A message that a bot may edit without knowing its chat. */
export interface InlineMessage {
  botId: number
  place: Place
  entry: PostedMessage
}

/** All state but the bots' own. */
export class World {
  readonly bots = new Map<string, Bot>()
  readonly users = new Map<number, UserState>()
  readonly groups = new Map<number, GroupState>()
  readonly files: FileStore
  readonly polls = new BoundedMap<string, PollState>(MOST_KEPT)
  /** Invoices behind links, by link. */
  readonly invoiceLinks = new BoundedMap<string, Invoice>(MOST_KEPT)
  /** Messages that were sent in inline mode, by inline message id. */
  readonly inlineMessages = new BoundedMap<string, InlineMessage>(MOST_KEPT)
  /** Chance of its own, so that what dice show does not depend on faults. */
  readonly dice: Random
  readonly settings: Settings
  readonly events: EventHub
  private readonly rooms = new Map<string | number, Room>()
  /** Where calls to strangers end that are accepted and leave no trace. */
  private readonly nowhere: Room
  private readonly privateTopics = new Map<string, Set<number>>()
  private serial = 0

  constructor(settings: Settings, events: EventHub) {
    this.settings = settings
    this.events = events
    this.dice = createRandom(settings.seed)
    this.files = new FileStore(settings.keepFileBytes)
    this.nowhere = new Room({ keepMessages: 0, keepEdits: 0, lastId: 0 })
  }

  /** A number that was not given before. */
  nextSerial(): number {
    return ++this.serial
  }

  /** A bot by id, the first one without. Throws `SimulatorError`. */
  bot(id?: number): Bot {
    for (const bot of this.bots.values()) if (id === undefined || bot.id === id) return bot
    throw new SimulatorError(id === undefined ? 'there is no bot' : `there is no bot ${id}`)
  }

  /** A user by id. Throws `SimulatorError`. */
  user(id: number): UserState {
    const state = this.users.get(id)
    if (state === undefined) throw new SimulatorError(`there is no user ${id}`)
    return state
  }

  /** A bot or a user by id; undefined for nobody. */
  anybody(id: number): User | undefined {
    for (const bot of this.bots.values()) if (bot.id === id) return bot.user
    return this.users.get(id)?.user
  }

  /** A group by id. Throws `SimulatorError`. */
  group(id: number): GroupState {
    const group = this.groups.get(id)
    if (group === undefined) throw new SimulatorError(`there is no group ${id}`)
    return group
  }

  /** The messages of a chat; a private chat has its own with each bot. */
  room(bot: Bot, chatId: number): Room {
    let room = this.findRoom(bot, chatId)
    if (room === undefined) {
      // A supergroup's first message tells of its making; its id is also that of a forum's General topic.
      room = new Room(this.roomOptions(chatId <= SUPERGROUPS_FROM ? 1 : 0))
      this.rooms.set(roomKey(bot, chatId), room)
    }
    return room
  }

  /** The same where anything was ever posted or shown in it, else undefined. */
  findRoom(bot: Bot, chatId: number): Room | undefined {
    return this.rooms.get(roomKey(bot, chatId))
  }

  /** The private chats of a bot in which anything happened. */
  *privatePlaces(bot: Bot): Generator<Place> {
    for (const { user } of this.users.values()) {
      const room = this.findRoom(bot, user.id)
      if (room !== undefined) yield { chat: this.privateChat(user), room, group: undefined }
    }
  }

  private roomOptions(lastId: number): RoomOptions {
    const { keepMessages, keepEdits } = this.settings
    return { keepMessages, keepEdits, lastId }
  }

  /** Thread ids of the topics of a private chat. */
  topicsOfPrivateChat(bot: Bot, userId: number): Set<number> {
    const key = `${bot.id}:${userId}`
    let topics = this.privateTopics.get(key)
    if (topics === undefined) {
      topics = new Set()
      this.privateTopics.set(key, topics)
    }
    return topics
  }

  /** The chat id that a call names, by number or by `@username`; undefined where it names none. */
  chatIdOf(value: unknown): number | undefined {
    if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
    if (typeof value !== 'string') return undefined
    if (/^-?\d+$/.test(value)) return Number(value)
    const name = value.replace(/^@/, '').toLowerCase()
    for (const { chat } of this.groups.values()) if (chat.username?.toLowerCase() === name) return chat.id
    return undefined
  }

  /** The private chat with a user. */
  privateChat(user: User): Chat {
    return {
      id: user.id,
      type: 'private',
      first_name: user.first_name,
      last_name: user.last_name,
      username: user.username,
    }
  }

  /** The chat for which a bot makes a call. Throws what Telegram answers where the bot may not. */
  placeFor(bot: Bot, value: unknown): Place {
    if (value === undefined || value === '') throw badRequest('chat_id is empty')
    const chatId = this.chatIdOf(value)
    if (chatId === undefined) throw badRequest('chat not found')
    return chatId < 0 ? this.groupPlace(bot, chatId) : this.privatePlace(bot, chatId)
  }

  private privatePlace(bot: Bot, userId: number): Place {
    const state = this.users.get(userId)
    if (state === undefined) return this.strangerPlace(bot, userId)
    if (state.isDeactivated) throw forbidden(DEACTIVATED)
    if (bot.blockedBy.has(userId)) throw forbidden(BLOCKED)
    return { chat: this.privateChat(state.user), room: this.room(bot, userId), group: undefined }
  }

  /** The private chat with somebody whom nobody made, as `unknownChats` says. */
  private strangerPlace(bot: Bot, userId: number): Place {
    const { unknownChats } = this.settings
    const user: User = { id: userId, is_bot: false, first_name: `User ${userId}` }
    switch (typeof unknownChats === 'function' ? unknownChats(userId) : unknownChats) {
      case 'refuse':
        throw badRequest('chat not found')
      case 'blocked':
        throw forbidden(BLOCKED)
      case 'deactivated':
        throw forbidden(DEACTIVATED)
      case 'accept':
        return { chat: this.privateChat(user), room: this.nowhere, group: undefined }
      case 'create':
        this.users.set(userId, { user, isDeactivated: false })
        return { chat: this.privateChat(user), room: this.room(bot, userId), group: undefined }
    }
  }

  private groupPlace(bot: Bot, chatId: number): Place {
    const group = this.groups.get(chatId)
    if (group === undefined) throw badRequest('chat not found')
    if (group.migratedTo !== undefined) {
      throw badRequest('group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: group.migratedTo,
      })
    }
    const standing = group.members.get(bot.id)
    if (standing === 'kicked') throw forbidden(`bot was kicked from the ${group.chat.type} chat`)
    if (standing === undefined || standing === 'left') {
      throw forbidden(`bot is not a member of the ${group.chat.type} chat`)
    }
    return { chat: group.chat, room: this.room(bot, chatId), group }
  }
}

/** A private chat has messages of its own with each bot. */
function roomKey(bot: Bot, chatId: number): string | number {
  return chatId < 0 ? chatId : `${bot.id}:${chatId}`
}
