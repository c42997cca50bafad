/** Appends updates of distinct chats at a steady rate. */
import { createInbox, createKeys, createWakes } from '@chatlane/lanes'
import { connectAs, readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{ url: string; prefix: string; perSecond: number; updates: number }>()
const redis = connectAs('gateway', options.url)
const keys = createKeys({ prefix: options.prefix, shards: 1 })
const wakes = createWakes({ redis, keys, onError: () => undefined })
const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 5 } })
await redis.ping()
sayReady()
const startedAt = performance.now()
for (let index = 0; index < options.updates; ) {
  const due = Math.min(
    options.updates,
    Math.floor(((performance.now() - startedAt) / 1000) * options.perSecond),
  )
  for (; index < due; index++) {
    const lane = { botId: '1', homeId: String(1 + index), place: '' }
    const item = { id: String(index), mergeKey: '1', album: '', payload: 'x'.repeat(300) }
    void inbox.append(lane, item, { open: true, countAs: 'u' }).then(() => wakes.wakeLane(lane))
  }
  await new Promise((resolve) => setTimeout(resolve, 2))
}
reportAndEnd({ ms: performance.now() - startedAt })
