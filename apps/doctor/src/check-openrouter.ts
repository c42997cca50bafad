/** Looks at OpenRouter: whether it takes the key, what is left to spend, and whether it has the models. */
import { createOpenRouter, type Fault } from '@chatlane/openrouter'
import { advice, bad, type Finding, good } from './finding.ts'

/** How it is reached, and which models settings name. */
export interface OpenRouterUse {
  apiKey: string | undefined
  baseUrl: string
  /** Whether any bot has the assistant. */
  isNeeded: boolean
  models: readonly { setting: string; id: string }[]
}

const WAIT_MS = 10_000
const LOW_USD = 1

/** What is found of OpenRouter. */
export async function checkOpenRouter({
  apiKey,
  baseUrl,
  isNeeded,
  models,
}: OpenRouterUse): Promise<Finding[]> {
  if (!isNeeded) return [good('no bot has the assistant: OpenRouter is not needed')]
  if (apiKey === undefined)
    return [
      advice(
        'no model: OPENROUTER_API_KEY is not set',
        'make a key at https://openrouter.ai/keys, or set ASSISTANT=off',
      ),
    ]
  const openRouter = createOpenRouter({ apiKey, baseUrl, idleTimeoutMs: WAIT_MS })
  const [key, credits, offered] = await Promise.all([
    openRouter.key(),
    openRouter.credits(),
    openRouter.models(),
  ])
  if (key.kind === 'failed') return [keyFinding(key.fault)]
  const { limitRemainingUsd, usageDailyUsd } = key.value
  return [
    good(`OpenRouter takes the key; it has spent $${usageDailyUsd.toFixed(2)} today`),
    leftFinding('the key', limitRemainingUsd),
    // Only some keys may ask.
    ...(credits.kind === 'known' ? [leftFinding('the account', credits.value.leftUsd)] : []),
    ...(offered.kind === 'known' ? modelFindings(models, new Set(offered.value.map(({ id }) => id))) : []),
  ]
}

function keyFinding({ code }: Fault): Finding {
  if (code === 'bad_key')
    return bad('OpenRouter refuses the key', 'make a new one at https://openrouter.ai/keys')
  return bad(
    `OpenRouter does not answer (${code})`,
    'look at OPENROUTER_BASE_URL, the network and https://status.openrouter.ai',
  )
}

function leftFinding(whose: string, leftUsd: number | null): Finding {
  if (leftUsd === null) return good(`${whose} has no limit of its own`)
  const words = `${whose} has $${leftUsd.toFixed(2)} left`
  const todo = whose === 'the key' ? 'raise its limit' : 'buy credits at https://openrouter.ai/credits'
  if (leftUsd <= 0) return bad(`${words}: nobody is answered`, todo)
  return leftUsd < LOW_USD ? advice(words, todo) : good(words)
}

function modelFindings(models: OpenRouterUse['models'], offered: ReadonlySet<string>): Finding[] {
  const missing = models.filter(({ id }) => !offered.has(id))
  if (missing.length === 0) return models.length === 0 ? [] : [good('it has every model that is set')]
  const once = new Map(missing.map((each) => [`${each.setting} ${each.id}`, each]))
  return Array.from(once.values(), ({ setting, id }) =>
    bad(`${setting}: OpenRouter has no model ${id}`, 'choose one of https://openrouter.ai/models'),
  )
}
