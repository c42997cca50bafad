/** What whoever runs the simulator can see and change while it runs; the same in process and over HTTP. */
import { Bot } from './bot.ts'
import { SimulatorError } from './bot-api-error.ts'
import type { Chat, User } from './bot-api-types.ts'
import type { ActiveFault, Fault, Faults } from './faults.ts'
import type { ShownInlineAnswer } from './inline-answer.ts'
import type { Ledger } from './ledger.ts'
import { Limits } from './limits.ts'
import type { ShownDraft } from './live-drafts.ts'
import type { BotOptions, DeliveryFaults, LimitOptions } from './options.ts'
import { createPhone, type Phone } from './phone/phone.ts'
import type { Random } from './random.ts'
import type { PostedMessage, ShownAction, ShownAnswer, ShownText } from './room.ts'
import type { UploadedFile } from './uploaded-file.ts'
import type { World } from './world.ts'

/** A chat as its people have seen it. */
export interface ChatView {
  messages: PostedMessage[]
  actions: ShownAction[]
  /** The states of drafts that were shown. */
  drafts: ShownDraft[]
  /** The drafts that are shown now. */
  liveDrafts: ShownDraft[]
  answers: ShownAnswer[]
  /** Answers to inline queries that were typed in the chat. */
  inlineAnswers: ShownInlineAnswer[]
}

/** Who there is. */
export interface SimulatorState {
  bots: User[]
  users: User[]
  chats: {
    chat: Chat
    members: number[]
    topics: { threadId: number; name: string }[]
    migratedTo?: number | undefined
  }[]
}

/** What the controls stand on. */
export interface ControlParts {
  world: World
  faults: Faults
  random: Random
  startedAtMs: number
  callInAnswer(bot: Bot, body: Buffer, contentType: string): void
}

/** The controls of a simulator. */
export class Controls {
  /** What people do. */
  readonly phone: Phone
  private readonly parts: ControlParts

  constructor(parts: ControlParts) {
    this.parts = parts
    this.phone = createPhone(parts.world)
  }

  /** Makes a further bot known, and a member of no group. Throws `SimulatorError` for a malformed or known token. */
  addBot(options: BotOptions): User {
    const { world, random, callInAnswer } = this.parts
    if (!/^\d+:[\w-]+$/.test(options.token))
      throw new SimulatorError('a token is <id>:<letters, digits, _, ->')
    if (world.bots.has(options.token)) throw new SimulatorError('the token is known already')
    const bot = new Bot(options, { settings: world.settings, events: world.events, random, callInAnswer })
    world.bots.set(options.token, bot)
    return bot.user
  }

  /** Puts a fault in force; the returned id removes it. */
  addFault(fault: Fault): number {
    return this.parts.faults.add(fault)
  }

  /** Ends a fault, or all without an id. */
  removeFault(id?: number): void {
    this.parts.faults.remove(id)
  }

  /** The faults in force. */
  faults(): ActiveFault[] {
    return this.parts.faults.list()
  }

  /** Changes budgets; what has arrived so far is forgotten by them. Returns all budgets. */
  setLimits(limits: Partial<LimitOptions>): LimitOptions {
    const { world } = this.parts
    Object.assign(world.settings.limits, limits)
    for (const bot of world.bots.values()) bot.limits = new Limits(world.settings.limits)
    return { ...world.settings.limits }
  }

  /** Changes how badly updates are delivered. Returns all delivery faults. */
  setDeliveryFaults(faults: Partial<DeliveryFaults>): DeliveryFaults {
    return { ...Object.assign(this.parts.world.settings.deliveryFaults, faults) }
  }

  /** Delivers an update that was acknowledged before once more. Throws `SimulatorError` where it is not remembered. */
  redeliver({ bot, updateId }: { bot?: number | undefined; updateId: number }): void {
    if (!this.parts.world.bot(bot).redeliver(updateId)) {
      throw new SimulatorError(`update ${updateId} was not acknowledged or is forgotten`)
    }
  }

  /** What has been counted: a copy. */
  ledger(): Ledger {
    const bots = [...this.parts.world.bots.values()].map(({ ledger }) => ledger)
    return structuredClone({ startedAtMs: this.parts.startedAtMs, bots })
  }

  /** All that was shown in a chat; `bot` tells a user's private chats apart (the first bot's without). */
  chat({ chat, bot }: { chat: number; bot?: number | undefined }): ChatView {
    const room = this.parts.world.findRoom(this.parts.world.bot(bot), chat)
    return {
      messages: room?.all() ?? [],
      actions: room?.actions ?? [],
      drafts: room?.drafts ?? [],
      liveDrafts: room?.liveDrafts.list() ?? [],
      answers: room?.answers ?? [],
      inlineAnswers: room?.inlineAnswers ?? [],
    }
  }

  /** The messages that are there now, in the order of posting. */
  messages(chat: number, bot?: number): PostedMessage[] {
    return this.chat({ chat, bot }).messages.filter(({ deletedAtMs }) => deletedAtMs === undefined)
  }

  /** A message that is kept, deleted or not; undefined without one. */
  message(chat: number, messageId: number, bot?: number): PostedMessage | undefined {
    const { world } = this.parts
    return world.findRoom(world.bot(bot), chat)?.findAny(messageId)
  }

  /**
   * What a message said, as posted and after each edit: the newest `keepEdits`, oldest first; none where it is unknown.
   * Throws `SimulatorError` where `keepEdits` is 0.
   */
  edits(chat: number, messageId: number, bot?: number): ShownText[] {
    if (this.parts.world.settings.keepEdits === 0) {
      throw new SimulatorError('edits are not kept: start with keepEdits')
    }
    return this.message(chat, messageId, bot)?.shown ?? []
  }

  /** A file that is kept, by its file id. */
  file(fileId: string): UploadedFile | undefined {
    return this.parts.world.files.find(fileId)
  }

  /** Who there is. */
  state(): SimulatorState {
    const { bots, users, groups } = this.parts.world
    return {
      bots: [...bots.values()].map(({ user }) => user),
      users: [...users.values()].map(({ user }) => user),
      chats: [...groups.values()].map(({ chat, members, topics, migratedTo }) => ({
        chat,
        members: [...members.keys()],
        topics: [...topics].map(([threadId, name]) => ({ threadId, name })),
        migratedTo,
      })),
    }
  }
}
