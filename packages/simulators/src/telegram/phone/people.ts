/** Makes people, groups and topics, and changes how they stand to the bots. */
import { SimulatorError } from '../bot-api-error.ts'
import type { Chat, Message, Update, User } from '../bot-api-types.ts'
import { nowSeconds } from '../clock.ts'
import { createGroupState, type GroupState } from '../group.ts'
import { postMessage } from '../posting.ts'
import { tellBots } from '../tell-bots.ts'
import { SUPERGROUPS_FROM, type World } from '../world.ts'
import { placeOf, type Where } from './phone-post.ts'

/** A person to be made. */
export interface NewUser {
  id: number
  firstName?: string
  lastName?: string
  username?: string
  languageCode?: string
}

/** A group to be made. */
export interface NewGroup {
  /** Negative; chosen by the simulator without. */
  id?: number
  /** Default supergroup. */
  type?: 'group' | 'supergroup' | 'channel'
  title?: string
  username?: string
  isForum?: boolean
  /** Users in it; who speaks in it joins by that. The first is its creator. */
  members?: readonly number[]
  /** Users among them who are administrators. */
  administrators?: readonly number[]
  /** Ids of bots in it; all without. */
  bots?: readonly number[]
  /** Bots that are administrators. */
  botsAreAdmins?: boolean
}

/** Makes a person who has started every bot. A known id is replaced. */
export function createUser(world: World, { id, firstName, lastName, username, languageCode }: NewUser): User {
  if (!Number.isSafeInteger(id) || id <= 0) throw new SimulatorError('a user id is a whole number above 0')
  const user: User = {
    id,
    is_bot: false,
    first_name: firstName ?? `User ${id}`,
    last_name: lastName,
    username,
    language_code: languageCode ?? 'en',
  }
  world.users.set(id, { user, isDeactivated: false })
  return user
}

/** Makes a group with its members, without telling the bots. */
export function createGroup(world: World, options: NewGroup): Chat {
  const type = options.isForum ? 'supergroup' : (options.type ?? 'supergroup')
  const id = options.id ?? (type === 'group' ? 0 : SUPERGROUPS_FROM) - world.nextSerial()
  if (!Number.isSafeInteger(id) || id >= 0) throw new SimulatorError('a group id is a whole number below 0')
  const chat: Chat = {
    id,
    type,
    title: options.title ?? `Group ${-id}`,
    username: options.username,
    ...(options.isForum && { is_forum: true as const }),
  }
  const group = createGroupState(chat)
  for (const [at, member] of (options.members ?? []).entries()) {
    group.members.set(world.user(member).user.id, at === 0 ? 'creator' : 'member')
  }
  for (const id of options.administrators ?? []) group.members.set(world.user(id).user.id, 'administrator')
  for (const bot of world.bots.values()) {
    if (options.bots !== undefined && !options.bots.includes(bot.id)) continue
    group.members.set(bot.id, options.botsAreAdmins ? 'administrator' : 'member')
  }
  world.groups.set(id, group)
  return chat
}

/** Makes a topic in a forum; its thread id is the id of the service message that tells of it. */
export function createTopic(world: World, where: Where & { name: string }): number {
  const { place, bot, user } = placeOf(world, where)
  if (!place.chat.is_forum || place.group === undefined) throw new SimulatorError('topics are in forums only')
  const message = postMessage(world, {
    bot,
    place,
    by: 'service',
    from: user,
    content: { is_topic_message: true, forum_topic_created: { name: where.name, icon_color: 7322096 } },
  })
  message.message_thread_id = message.message_id
  place.group.topics.set(message.message_id, where.name)
  tellBots(world, { place, bot, kind: 'message', message })
  return message.message_id
}

/** Blocks the bot (its sends are then refused) or unblocks it; the bot gets a my_chat_member update. */
export function setBlocked(
  world: World,
  { from, bot: botId, blocked }: { from: number; bot?: number | undefined; blocked: boolean },
): Update | undefined {
  const { bot, user, place } = placeOf(world, { from, bot: botId })
  if (blocked) bot.blockedBy.add(from)
  else bot.blockedBy.delete(from)
  const [before, after] = blocked ? ['member', 'kicked'] : ['kicked', 'member']
  return bot.updates.add({
    my_chat_member: memberChange({ chat: place.chat, by: user, of: bot.user, before, after }),
  })
}

/** Deletes the account: sends to it are refused. */
export function deactivate(world: World, { from }: { from: number }): void {
  world.user(from).isDeactivated = true
}

/** Makes a basic group a supergroup: the old id is refused from then on, both chats tell of it. Returns the new id. */
export function migrate(world: World, { chat, newId }: { chat: number; newId?: number | undefined }): number {
  const old = world.group(chat)
  if (old.migratedTo !== undefined) throw new SimulatorError(`chat ${chat} became ${old.migratedTo}`)
  const id = newId ?? SUPERGROUPS_FROM - world.nextSerial()
  const moved: GroupState = {
    ...old,
    chat: { ...old.chat, id, type: 'supergroup' },
    members: new Map(old.members),
  }
  world.groups.set(id, moved)
  const creator = [...old.members].find(([, status]) => status === 'creator')?.[0]
  const from = creator === undefined ? undefined : world.users.get(creator)?.user
  const tell = (group: GroupState, content: Record<string, unknown>): Message => {
    const bot = world.bot()
    const place = { chat: group.chat, room: world.room(bot, group.chat.id), group }
    const message = postMessage(world, { bot, place, by: 'service', from, content })
    tellBots(world, { place, bot, kind: 'message', message })
    return message
  }
  tell(old, { migrate_to_chat_id: id })
  old.migratedTo = id
  tell(moved, { migrate_from_chat_id: chat })
  return id
}

function memberChange(change: {
  chat: Chat
  by: User
  of: User
  before: string | undefined
  after: string | undefined
}): Record<string, unknown> {
  const { chat, by, of, before, after } = change
  return {
    chat,
    from: by,
    date: nowSeconds(),
    old_chat_member: { user: of, status: before },
    new_chat_member: { user: of, status: after, ...(after === 'kicked' && { until_date: 0 }) },
  }
}
