/** Methods that change how people stand in a group: ban, unban, restrict, promote. Checks in the order of TDLib's. */
import { badRequest } from '../bot-api-error.ts'
import type { User } from '../bot-api-types.ts'
import { type GroupState, isInGroup, type Standing } from '../group.ts'
import { changeMember, hasRight, mayEdit, rightsIn } from '../membership.ts'
import { readFlag, readUserId } from '../params.ts'
import { ADMINISTRATOR_RIGHTS, rightsWhere } from '../rights.ts'
import { postService } from '../service-message.ts'
import { untilDateIn } from '../until-date.ts'
import type { Place } from '../world.ts'
import type { Call, Methods } from './method.ts'
import { readPermissions } from './permissions-param.ts'

interface Subject {
  place: Place
  group: GroupState
  user: User
  standing: Standing
}

/** Whom a call is about. `refused` says what is answered where the chat is of no use for it. */
function subjectOf(call: Call, refused: (place: Place) => string | undefined): Subject {
  const { bot, world, params } = call
  const id = readUserId(params)
  const place = world.placeFor(bot, params.chat_id)
  const reason = refused(place)
  if (reason !== undefined || place.group === undefined) throw badRequest(reason ?? 'chat not found')
  const user = world.anybody(id)
  if (user === undefined) throw badRequest('PARTICIPANT_ID_INVALID')
  return { place, group: place.group, user, standing: place.group.members.get(id) ?? 'left' }
}

/** Throws where the bot may not restrict or ban somebody. */
function checkRestrict({ bot }: Call, { group, user, standing }: Subject): void {
  if (standing === 'creator') throw badRequest("can't remove chat owner")
  if (user.id === bot.id) throw badRequest("can't restrict self")
  if (!hasRight(group, bot.id, 'can_restrict_members')) {
    throw badRequest('not enough rights to restrict/unrestrict chat member')
  }
  if (standing === 'administrator' && !mayEdit(group, bot.id, user.id)) {
    throw badRequest('user is an administrator of the chat')
  }
}

/** Takes somebody out, and the group tells of it. */
function remove(
  call: Call,
  { place, group, user }: Subject,
  to: 'kicked' | 'left',
  untilDate?: number,
): void {
  const { bot, world } = call
  const wasIn = isInGroup(group, user.id)
  changeMember(world, {
    group,
    by: bot.user,
    of: user,
    to,
    ...(untilDate !== undefined && { terms: { untilDate } }),
  })
  if (wasIn) postService(world, { bot, place, from: bot.user, content: { left_chat_member: user } })
}

function banChatMember(call: Call): true {
  const subject = subjectOf(call, ({ group }) =>
    group === undefined ? "can't ban members in private chats" : undefined,
  )
  const { group, user, place } = subject
  const untilDate = untilDateIn(call.params)
  if (place.chat.type === 'group') {
    if (!hasRight(group, call.bot.id, 'can_restrict_members')) {
      throw badRequest('need to be inviter of a user to kick it from a basic group')
    }
    checkRestrict(call, subject)
    remove(call, subject, 'left')
    return true
  }
  const isBannedSo = subject.standing === 'kicked' && (group.terms.get(user.id)?.untilDate ?? 0) === untilDate
  if (isBannedSo) return true
  checkRestrict(call, subject)
  remove(call, subject, 'kicked', untilDate)
  return true
}

function unbanChatMember(call: Call): true {
  const subject = subjectOf(call, onlyLargeChats)
  const { standing } = subject
  if (standing === 'left') return true
  if (standing !== 'kicked' && readFlag(call.params, 'only_if_banned')) return true
  checkRestrict(call, subject)
  remove(call, subject, 'left')
  return true
}

function restrictChatMember(call: Call): true {
  const permissions = readPermissions(call.params)
  const subject = subjectOf(call, ({ chat }) =>
    chat.type === 'supergroup' ? undefined : 'method is available only in supergroups',
  )
  checkRestrict(call, subject)
  const { group, user } = subject
  const isMember = isInGroup(group, user.id)
  const change = { group, by: call.bot.user, of: user }
  const isFree = Object.values(permissions).every(Boolean)
  if (isFree) changeMember(call.world, { ...change, to: isMember ? 'member' : 'left' })
  else {
    const terms = { permissions, isMember, untilDate: untilDateIn(call.params) }
    changeMember(call.world, { ...change, to: 'restricted', terms })
  }
  return true
}

function promoteChatMember(call: Call): true {
  const { bot, world, params } = call
  const asked = rightsWhere((right) => readFlag(params, right))
  const isAny = Object.values(asked).some(Boolean)
  const rights = { ...asked, can_manage_chat: isAny }
  const { group, user, standing } = subjectOf(call, onlyLargeChats)
  if (standing === 'creator') throw badRequest("can't remove chat owner")
  if (user.id === bot.id && isAny) throw badRequest("can't promote self")
  if (user.id !== bot.id && !hasRight(group, bot.id, 'can_promote_members')) {
    throw badRequest('not enough rights')
  }
  if (standing === 'kicked') throw badRequest('USER_KICKED')
  if (!isInGroup(group, user.id)) throw badRequest('USER_NOT_MUTUAL_CONTACT')
  if (standing === 'administrator' && user.id !== bot.id && !mayEdit(group, bot.id, user.id)) {
    throw badRequest('user is an administrator of the chat')
  }
  const own = rightsIn(group, bot.id)
  if (ADMINISTRATOR_RIGHTS.some((right) => rights[right] && !own[right])) throw badRequest('RIGHT_FORBIDDEN')
  const change = { group, by: bot.user, of: user }
  if (isAny) changeMember(world, { ...change, to: 'administrator', terms: { rights, promotedBy: bot.id } })
  else changeMember(world, { ...change, to: 'member' })
  return true
}

function onlyLargeChats({ chat }: Place): string | undefined {
  const isLarge = chat.type === 'supergroup' || chat.type === 'channel'
  return isLarge ? undefined : 'method is available for supergroup and channel chats only'
}

/** Methods of moderators. */
export const moderationMethods: Methods = {
  banChatMember: { cost: 'free', run: banChatMember },
  unbanChatMember: { cost: 'free', run: unbanChatMember },
  restrictChatMember: { cost: 'free', run: restrictChatMember },
  promoteChatMember: { cost: 'free', run: promoteChatMember },
}
