/** The models that OpenRouter offers, asked for once an hour for all workers together. */
import { type Log, type RedisClient, sleep } from '@chatlane/runtime'
import type { Model } from './models.ts'
import type { OpenRouter } from './open-router.ts'

/** The catalogue of an installation. */
export interface ModelCatalogue {
  /** All models; none where OpenRouter does not say and nothing is kept. Never rejects. */
  all(): Promise<readonly Model[]>
  /** The model with the id, or the one that it is a variant of (`:nitro`); undefined for one that is not listed. */
  find(id: string): Promise<Model | undefined>
}

/** OpenRouter's list changes some times a day. */
const KEPT_SECONDS = 3600
/** A process looks into Redis so often. */
const LOOK_EVERY_MS = 60_000
/** Nobody waits longer for the list: an answer without its model's window is better than none. */
const WAIT_MS = 2000

/** The catalogue under `key`. `now` answers milliseconds that only grow. */
export function createModelCatalogue(options: {
  redis: RedisClient
  key: string
  openRouter: Pick<OpenRouter, 'models'>
  log: Log
  now?: () => number
  /** How long a caller waits for the list where nothing is known (2 s). */
  waitMs?: number
}): ModelCatalogue {
  const { redis, key, openRouter, log, now = () => performance.now(), waitMs = WAIT_MS } = options
  let known: readonly Model[] = []
  let looking: Promise<void> | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  const look = async (): Promise<readonly Model[]> => {
    const kept = await redis.get(key)
    if (kept) return JSON.parse(kept) as Model[]
    const asked = await openRouter.models()
    if (asked.kind === 'failed') {
      log.warn({ code: asked.fault.code }, 'OpenRouter did not list its models')
      return known
    }
    await redis.set(key, JSON.stringify(asked.value), 'EX', KEPT_SECONDS)
    return asked.value
  }
  const lookAgain = async () => {
    try {
      known = await look()
    } catch (error) {
      log.warn({ err: error }, 'the list of models could not be read')
    }
    looking = undefined
  }
  const all = async () => {
    if (looking === undefined && now() - lookedAt >= LOOK_EVERY_MS) {
      lookedAt = now()
      looking = lookAgain()
    }
    // Whoever knows an older list does not wait for the new one.
    if (looking && known.length === 0) await atMost(looking, waitMs)
    return known
  }
  return {
    all,
    async find(id) {
      const models = await all()
      const withId = (wanted: string) => models.find((model) => model.id === wanted)
      return withId(id) ?? withId(id.replace(/:[^:/]*$/, ''))
    },
  }
}

async function atMost(wait: Promise<void>, ms: number): Promise<void> {
  const over = new AbortController()
  await Promise.race([wait, sleep(ms, over.signal)])
  over.abort()
}
