/** The settings of who may talk to the assistant, how often, and what it may spend. */
import { z } from 'zod'
import { list, number } from './setting-shapes.ts'

const userIds = list.refine((found) => found.every((part) => /^\d{1,16}$/.test(part)), {
  error: 'comma-separated numeric user ids',
})

const tokens = z
  .string()
  .optional()
  .refine((found) => found === undefined || (/^\d{1,15}$/.test(found) && +found > 0), {
    error: 'a whole number from 1 to 999999999999999',
  })
  .transform((found) => (found === undefined ? undefined : Number(found)))

const usd = (whose: string, period: string) => ({
  schema: number({ above: 0 }),
  shownDefault: 'none',
  meaning: `what ${whose} may spend on models in a ${period} (UTC), in US dollars, before the assistant declines`,
})

const inTokens = (whose: string, period: string) => ({
  schema: tokens,
  shownDefault: 'none',
  meaning: `the same in tokens, for ${whose} in a ${period}`,
})

/** Each may also be given for one of several bots. */
export const SPEND_SETTINGS = {
  ALLOWED_USERS: {
    schema: userIds,
    shownDefault: 'none',
    meaning: 'comma-separated ids of who may talk to the assistant; with none, anyone may',
  },
  DENIED_USERS: {
    schema: userIds,
    shownDefault: 'none',
    meaning: 'comma-separated ids of who may not, whatever `ALLOWED_USERS` says',
  },
  COOLDOWN_SECONDS: {
    schema: number({ above: 0 }),
    shownDefault: 'none',
    meaning: 'the least time between two questions of one user to the model',
  },
  BUDGET_USD_PER_DAY: usd('one bot', 'day'),
  BUDGET_USD_PER_MONTH: usd('one bot', 'month'),
  BUDGET_TOKENS_PER_DAY: inTokens('one bot', 'day'),
  BUDGET_TOKENS_PER_MONTH: inTokens('one bot', 'month'),
  USER_BUDGET_USD_PER_DAY: usd('each user', 'day'),
  USER_BUDGET_USD_PER_MONTH: usd('each user', 'month'),
  USER_BUDGET_TOKENS_PER_DAY: inTokens('each user', 'day'),
  USER_BUDGET_TOKENS_PER_MONTH: inTokens('each user', 'month'),
  CHAT_BUDGET_USD_PER_DAY: usd('each chat', 'day'),
  CHAT_BUDGET_USD_PER_MONTH: usd('each chat', 'month'),
  CHAT_BUDGET_TOKENS_PER_DAY: inTokens('each chat', 'day'),
  CHAT_BUDGET_TOKENS_PER_MONTH: inTokens('each chat', 'month'),
} as const

/** Their names. */
export const SPEND_SETTING_NAMES = Object.keys(SPEND_SETTINGS) as (keyof typeof SPEND_SETTINGS)[]
