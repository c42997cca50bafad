/** Methods that let people in: invite links, and answers to those who ask to join. */
import { badRequest } from '../bot-api-error.ts'
import { type GroupState, type InviteLink, isInGroup } from '../group.ts'
import { hasRight } from '../membership.ts'
import { readFlag, readInteger, readString, readUserId } from '../params.ts'
import { takeIn } from '../take-in.ts'
import type { Place } from '../world.ts'
import type { Call, Methods } from './method.ts'

function inviting({ bot, world, params }: Call): GroupState {
  const { group } = world.placeFor(bot, params.chat_id)
  if (group === undefined) throw badRequest("can't invite members to a private chat")
  if (!hasRight(group, bot.id, 'can_invite_users')) {
    throw badRequest('not enough rights to manage chat invite link')
  }
  return group
}

function addLink({ bot, world }: Call, group: GroupState, more: Partial<InviteLink>): InviteLink {
  const link: InviteLink = {
    invite_link: `https://t.me/+sim${String(world.nextSerial()).padStart(13, '0')}`,
    creator: bot.user,
    creates_join_request: false,
    is_primary: false,
    is_revoked: false,
    ...more,
  }
  group.inviteLinks.push(link)
  return link
}

/** A new primary link; the one before is revoked. */
function exportChatInviteLink(call: Call): string {
  const group = inviting(call)
  const before = group.inviteLinks.find((link) => link.is_primary && link.creator.id === call.bot.id)
  if (before !== undefined) before.is_revoked = true
  if (before !== undefined) before.is_primary = false
  return addLink(call, group, { is_primary: true }).invite_link
}

function createChatInviteLink(call: Call): InviteLink {
  const { params } = call
  const group = inviting(call)
  const creates_join_request = readFlag(params, 'creates_join_request')
  const member_limit = readInteger(params, 'member_limit') ?? 0
  if (creates_join_request && member_limit > 0) {
    throw badRequest("member limit can't be specified for links requiring administrator approval")
  }
  const name = readString(params, 'name')
  const expire_date = readInteger(params, 'expire_date') ?? 0
  return addLink(call, group, {
    creates_join_request,
    ...(name && { name }),
    ...(member_limit > 0 && { member_limit }),
    ...(expire_date > 0 && { expire_date }),
  })
}

function answerJoinRequest(isApproved: boolean): (call: Call) => true {
  return (call) => {
    const { bot, world, params } = call
    const id = readUserId(params)
    const place: Place = world.placeFor(bot, params.chat_id)
    const { group } = place
    if (group === undefined) throw badRequest("the chat can't have join requests")
    if (!hasRight(group, bot.id, 'can_invite_users')) {
      throw badRequest('not enough rights to manage chat join requests')
    }
    const user = world.anybody(id)
    if (user === undefined) throw badRequest('USER_ID_INVALID')
    if (isInGroup(group, id)) throw badRequest('USER_ALREADY_PARTICIPANT')
    if (!group.joinRequests.delete(id)) throw badRequest('HIDE_REQUESTER_MISSING')
    if (isApproved) {
      takeIn(world, { bot, place, group, by: bot.user, user, more: { via_join_request: true } })
    }
    return true
  }
}

/** Methods that let people in. */
export const inviteMethods: Methods = {
  exportChatInviteLink: { cost: 'free', run: exportChatInviteLink },
  createChatInviteLink: { cost: 'free', run: createChatInviteLink },
  approveChatJoinRequest: { cost: 'free', run: answerJoinRequest(true) },
  declineChatJoinRequest: { cost: 'free', run: answerJoinRequest(false) },
}
