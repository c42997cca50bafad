/** Takes people into groups. */
import type { Bot } from './bot.ts'
import type { Message, User } from './bot-api-types.ts'
import type { GroupState } from './group.ts'
import { changeMember } from './membership.ts'
import { postService } from './service-message.ts'
import type { Place, World } from './world.ts'

/** Who is taken in, and by whom. */
export interface Newcomer {
  bot: Bot
  place: Place
  group: GroupState
  /** The one who is taken in, where nobody else does it. */
  by: User
  user: User
  /** Further fields of the chat_member update. */
  more?: Record<string, unknown>
}

/**
 * Makes somebody a member; a restriction stays. The group tells of it by new_chat_members, and its administrators
 * among the bots get a chat_member update. Undefined in a channel, which tells nothing.
 */
export function takeIn(world: World, { bot, place, group, by, user, more }: Newcomer): Message | undefined {
  const isRestricted = group.members.get(user.id) === 'restricted'
  const change = { group, by, of: user, ...(more && { more }) }
  if (isRestricted) {
    changeMember(world, {
      ...change,
      to: 'restricted',
      terms: { ...group.terms.get(user.id), isMember: true },
    })
  } else changeMember(world, { ...change, to: 'member' })
  return postService(world, { bot, place, from: user, content: { new_chat_members: [user] } })
}
