/** Keeps the bot's audience true: who began to talk to it can be reached, who blocked or left it can't. */
import type { ChatMemory } from '@chatlane/chats'
import type { Audience, LaneName } from '@chatlane/lanes'
import type { Update } from 'telegraf/types'

const THERE = new Set(['creator', 'administrator', 'member', 'restricted'])

/** Notes what an update says of the chat's reach. Safe to repeat; channels have nobody to talk to. */
export async function noteReach(
  audience: Audience,
  { lane, update, before }: { lane: LaneName; update: Update; before: ChatMemory },
): Promise<void> {
  const { botId, homeId } = lane
  if ('my_chat_member' in update) {
    const { chat, new_chat_member: now } = update.my_chat_member
    if (chat.type === 'channel') return
    if (THERE.has(now.status)) return audience.join(botId, homeId)
    const hasBlocked = chat.type === 'private' && now.status === 'kicked'
    return audience.leave(botId, homeId, hasBlocked ? 'blocked' : 'gone')
  }
  // Once for each chat: it is remembered for longer than the chat is.
  const isFirst = before.state === 'new' && before.settings.language === undefined
  if ('message' in update && isFirst) await audience.join(botId, homeId)
}
