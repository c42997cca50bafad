/** What somebody has used, as the dialogue shows it. */
import type { Spend, SpendLimit, SpendLimits, Spent } from '@chatlane/chats'
import type { Usage } from '@chatlane/dialogue'

/** What who pays has used, and in a group what all have used in it. */
export async function usageOf(
  spend: Spend,
  asked: { userId: string; chatId: string; limits: SpendLimits; isPrivate: boolean },
): Promise<{ user: Usage; chat?: Usage }> {
  const { userId, chatId, limits, isPrivate } = asked
  const [user, chat] = await Promise.all([spend.spent('user', userId), spend.spent('chat', chatId)])
  return { user: usage(user, limits.user), ...(!isPrivate && { chat: usage(chat, limits.chat) }) }
}

function usage({ day, month }: Spent, limit: SpendLimit): Usage {
  return {
    day: { ...day, mostTokens: limit.tokensPerDay, mostUsd: limit.usdPerDay },
    month: { ...month, mostTokens: limit.tokensPerMonth, mostUsd: limit.usdPerMonth },
  }
}
