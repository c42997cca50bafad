/** Shows how people stand in groups, changes it, and tells the bots that are to know. */
import type { Chat, Update, User } from './bot-api-types.ts'
import { nowSeconds } from './clock.ts'
import { type GroupState, isInGroup, type Standing, type Terms } from './group.ts'
import { permissionsWhere, type Right, type Rights, rightsBut, rightsWhere } from './rights.ts'
import type { World } from './world.ts'

/** What somebody may do as an administrator: a creator everything, others nothing. */
export function rightsIn({ members, terms }: GroupState, id: number): Rights {
  switch (members.get(id)) {
    case 'creator':
      return rightsBut()
    case 'administrator':
      return terms.get(id)?.rights ?? rightsBut()
    default:
      return rightsWhere(() => false)
  }
}

/** Whether somebody has a right as an administrator. */
export function hasRight(group: GroupState, id: number, right: Right): boolean {
  return rightsIn(group, id)[right]
}

/** Whether the viewer may change the rights of an administrator: it promoted them and may promote. */
export function mayEdit(group: GroupState, viewer: number, id: number): boolean {
  return (
    viewer !== id &&
    group.terms.get(id)?.promotedBy === viewer &&
    hasRight(group, viewer, 'can_promote_members')
  )
}

/** Somebody in a group as a bot sees them (core.telegram.org/bots/api#chatmember). */
export function describeMember(group: GroupState, user: User, viewer: number): Record<string, unknown> {
  const status = group.members.get(user.id) ?? 'left'
  const { permissions, untilDate } = group.terms.get(user.id) ?? {}
  switch (status) {
    case 'creator':
      return { status, user, is_anonymous: false }
    case 'administrator':
      return {
        status,
        user,
        is_anonymous: false,
        can_be_edited: mayEdit(group, viewer, user.id),
        ...rightsIn(group, user.id),
      }
    case 'restricted':
      return {
        status,
        user,
        is_member: isInGroup(group, user.id),
        until_date: untilDate ?? 0,
        ...(permissions ?? permissionsWhere(() => false)),
      }
    case 'kicked':
      return { status, user, until_date: untilDate ?? 0 }
    default:
      return { status, user }
  }
}

/** A change of how somebody stands. */
export interface MemberChange {
  group: GroupState
  /** Who does it. */
  by: User
  /** Whom it is about. */
  of: User
  to: Standing
  terms?: Terms
  /** Further fields of the update, such as the invite link. */
  more?: Record<string, unknown>
}

/**
 * Changes how somebody stands: a bot hears of itself by my_chat_member, administrators hear of others by chat_member.
 * Returns the updates that were made.
 */
export function changeMember(world: World, change: MemberChange): Update[] {
  const { group, by, of, to, terms, more } = change
  const bots = [...world.bots.values()]
  const shown = () => new Map(bots.map(({ id }) => [id, describeMember(group, of, id)]))
  const before = shown()
  group.members.set(of.id, to)
  if (terms === undefined) group.terms.delete(of.id)
  else group.terms.set(of.id, terms)
  const after = shown()
  const content = (chat: Chat, viewer: number) => ({
    chat,
    from: by,
    date: nowSeconds(),
    old_chat_member: before.get(viewer),
    new_chat_member: after.get(viewer),
    ...more,
  })
  return bots
    .map((bot) => {
      if (bot.id === of.id) return bot.updates.add({ my_chat_member: content(group.chat, bot.id) })
      const isTold = group.members.get(bot.id) === 'administrator'
      return isTold ? bot.updates.add({ chat_member: content(group.chat, bot.id) }) : undefined
    })
    .filter((update) => update !== undefined)
}
