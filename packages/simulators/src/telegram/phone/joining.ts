/** How people and bots come into groups, go, and change how they stand there. */
import type { Bot } from '../bot.ts'
import { SimulatorError } from '../bot-api-error.ts'
import type { Message, Update, User } from '../bot-api-types.ts'
import { nowSeconds } from '../clock.ts'
import { type GroupState, type InviteLink, isInGroup, type Standing } from '../group.ts'
import { changeMember, hasRight } from '../membership.ts'
import { type Rights, rightsBut } from '../rights.ts'
import { postService } from '../service-message.ts'
import { takeIn } from '../take-in.ts'
import type { Place, World } from '../world.ts'
import { placeOf, type Where } from './phone-post.ts'

/** A way into a group. */
export interface Joining {
  from: number
  chat: number
  /** As a bot made it. */
  inviteLink?: string | undefined
}

/** Changes how a bot stands in a group; it gets a my_chat_member update. */
export function setMembership(
  world: World,
  options: Where & {
    chat: number
    status: 'kicked' | 'left' | 'member' | 'administrator'
    /** An administrator's; all that are not named as false. */
    rights?: Partial<Rights> | undefined
  },
): Update | undefined {
  const { status, rights, ...where } = options
  const { bot, user, place } = placeOf(world, where)
  const { group } = place
  if (group === undefined) throw new SimulatorError('a private chat has no members')
  const terms = status === 'administrator' ? { rights: rightsBut(rights) } : undefined
  const change = { group, by: user, of: bot.user, to: status, ...(terms && { terms }) }
  return changeMember(world, change).find((update) => update.my_chat_member !== undefined)
}

/** Changes how a person stands in a group. No bot is told. */
export function setRole(
  world: World,
  { chat, from, role }: { chat: number; from: number; role: Standing },
): void {
  const group = world.group(chat)
  group.members.set(world.user(from).user.id, role)
  group.terms.delete(from)
}

/**
 * Joins a group: it tells of it by new_chat_members, and bots that are its administrators get a chat_member update if
 * they asked for it. Undefined in a channel, which tells nothing.
 */
export function joinGroup(world: World, joining: Joining): Message | undefined {
  const { bot, place, group, user, link } = doorOf(world, joining)
  if (link?.creates_join_request) throw new SimulatorError('the link asks for approval: use requestJoin')
  const more = link && { more: { invite_link: link } }
  return takeIn(world, { bot, place, group, by: user, user, ...more })
}

/** Asks to join a group: the administrators among the bots that may invite get a chat_join_request update. */
export function requestJoin(world: World, joining: Joining & { bio?: string | undefined }): Update[] {
  const { place, group, user, link } = doorOf(world, joining)
  group.joinRequests.add(user.id)
  const { bio } = joining
  const chat_join_request = {
    chat: place.chat,
    from: user,
    user_chat_id: user.id,
    date: nowSeconds(),
    ...(bio && { bio }),
    ...(link && { invite_link: link }),
  }
  return [...world.bots.values()]
    .filter(({ id }) => hasRight(group, id, 'can_invite_users'))
    .map((bot) => bot.updates.add({ chat_join_request }))
    .filter((update) => update !== undefined)
}

/** Leaves a group, which tells of it as of a joining. */
export function leaveGroup(
  world: World,
  { from, chat }: { from: number; chat: number },
): Message | undefined {
  const { bot, place, group, user } = groupOf(world, { from, chat })
  if (!isInGroup(group, from)) throw new SimulatorError(`user ${from} is not in ${chat}`)
  const change = { group, by: user, of: user }
  // A restriction stays with who leaves.
  if (group.members.get(from) === 'restricted') {
    changeMember(world, {
      ...change,
      to: 'restricted',
      terms: { ...group.terms.get(from), isMember: false },
    })
  } else changeMember(world, { ...change, to: 'left' })
  return postService(world, { bot, place, from: user, content: { left_chat_member: user } })
}

interface Door {
  bot: Bot
  place: Place
  group: GroupState
  user: User
}

function groupOf(world: World, { from, chat }: Joining): Door {
  const { user } = world.user(from)
  const bot = world.bot()
  const group = world.group(chat)
  if (group.migratedTo !== undefined) throw new SimulatorError(`chat ${chat} became ${group.migratedTo}`)
  return { bot, user, group, place: { chat: group.chat, room: world.room(bot, chat), group } }
}

function doorOf(world: World, joining: Joining): Door & { link: InviteLink | undefined } {
  const door = groupOf(world, joining)
  const { from, chat, inviteLink } = joining
  if (isInGroup(door.group, from)) throw new SimulatorError(`user ${from} is in ${chat} already`)
  if (door.group.members.get(from) === 'kicked')
    throw new SimulatorError(`user ${from} is banned from ${chat}`)
  const link = door.group.inviteLinks.find(({ invite_link }) => invite_link === inviteLink)
  if (inviteLink !== undefined && (link === undefined || link.is_revoked)) {
    throw new SimulatorError(`the invite link ${inviteLink} is not valid`)
  }
  return { ...door, link }
}
