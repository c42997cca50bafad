/** Methods that set a group up: setChatTitle, setChatDescription, setChatPermissions. */
import { badRequest } from '../bot-api-error.ts'
import type { GroupState } from '../group.ts'
import { hasRight } from '../membership.ts'
import { readString } from '../params.ts'
import type { Right } from '../rights.ts'
import { postService } from '../service-message.ts'
import type { Place } from '../world.ts'
import type { Call, Methods } from './method.ts'
import { readPermissions } from './permissions-param.ts'

const MOST_TITLE_CHARACTERS = 128
const MOST_DESCRIPTION_CHARACTERS = 255

/** The group of a call in which the bot has the right. */
function setUp(
  { bot, world, params }: Call,
  { right, inPrivate, lacking }: { right: Right; inPrivate: string; lacking: string },
): { place: Place; group: GroupState } {
  const place = world.placeFor(bot, params.chat_id)
  const { group } = place
  if (group === undefined) throw badRequest(inPrivate)
  if (!hasRight(group, bot.id, right)) throw badRequest(lacking)
  return { place, group }
}

function setChatTitle(call: Call): true {
  const given = (readString(call.params, 'title') ?? '').replace(/\s+/g, ' ').trim()
  const title = [...given].slice(0, MOST_TITLE_CHARACTERS).join('')
  call.world.placeFor(call.bot, call.params.chat_id)
  if (title === '') throw badRequest('title must be non-empty')
  const { place, group } = setUp(call, {
    right: 'can_change_info',
    inPrivate: "can't change private chat title",
    lacking: 'not enough rights to change chat title',
  })
  if (group.chat.title === title) return true
  group.chat = { ...group.chat, title }
  const { bot, world } = call
  const content = { new_chat_title: title }
  postService(world, { bot, place: { ...place, chat: group.chat }, from: bot.user, content })
  return true
}

function setChatDescription(call: Call): true {
  const given = (readString(call.params, 'description') ?? '').trim()
  const description = [...given].slice(0, MOST_DESCRIPTION_CHARACTERS).join('')
  const { group } = setUp(call, {
    right: 'can_change_info',
    inPrivate: "can't change private chat description",
    lacking: 'not enough rights to set chat description',
  })
  if ((group.description ?? '') === description) throw badRequest('chat description is not modified')
  group.description = description === '' ? undefined : description
  return true
}

function setChatPermissions(call: Call): true {
  const permissions = readPermissions(call.params)
  const { group } = setUp(call, {
    right: 'can_restrict_members',
    inPrivate: "can't change private chat permissions",
    lacking: 'not enough rights to change chat permissions',
  })
  group.permissions = permissions
  return true
}

/** Methods that set groups up. */
export const chatSettingsMethods: Methods = {
  setChatTitle: { cost: 'free', run: setChatTitle },
  setChatDescription: { cost: 'free', run: setChatDescription },
  setChatPermissions: { cost: 'free', run: setChatPermissions },
}
