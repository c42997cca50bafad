/** The budget of a bot on the test's Redis, and the pump that uses it. */
import { openTestRedis, until } from '@chatlane/test-kit'
import { type Budget, createBudget, type Grant, type GrantUse, type Limits } from '../src/budget.ts'
import { createKeys } from '../src/names.ts'

const WIDE: Limits = { botPerSecond: 1000, chatPerSecond: 1, chatBurst: 1000, groupPerMinute: 1000 }

/** Call inside a test. `limits` are wide where they are not given. */
export function openBudget(limits: Partial<Limits> = {}, unansweredMs?: number) {
  const { redis, prefix } = openTestRedis()
  const keys = createKeys({ prefix, shards: 1 })
  const open = () =>
    createBudget({
      redis,
      keys,
      botId: '1',
      limits: { ...WIDE, ...limits },
      ...(unansweredMs !== undefined && { unansweredMs }),
    })
  const budget: Budget = open()
  let round = 0
  const ask = async (token = 't', most = 1) => {
    const answer = await budget.grant(token, { most, prefix: `${token}.${++round}.` })
    if (answer.kind === 'lost') throw new Error('the lease is lost')
    return answer
  }
  const granted = (token = 't') => until(async () => (await ask(token)).grants[0])
  const answered = (grant: Grant, use: Partial<GrantUse> = {}) =>
    budget.answered(grant, { next: '', used: true, ...use })
  /** Takes the lease anew as soon as the one before has run out. */
  const takeOver = (token: string) => until(async () => (await budget.lease(token, 60_000)) === 'taken')
  const key = (name: string) => `${keys.bot('1')}:${name}`
  return { redis, budget, ask, granted, answered, takeOver, key }
}

/** The same with the pump `t` at work. */
export async function openPumped(limits: Partial<Limits> = {}, unansweredMs?: number) {
  const opened = openBudget(limits, unansweredMs)
  await opened.budget.lease('t', 60_000)
  return opened
}
