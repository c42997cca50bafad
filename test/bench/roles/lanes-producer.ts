/** Appends updates to inbox lanes as the gateway does. */
import { createInbox, createKeys, createWakes } from '@chatlane/lanes'
import { connectAs, cpuMicros, inParallel, readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{ url: string; prefix: string; updates: number; chats: number }>()
const redis = connectAs('gateway', options.url)
const keys = createKeys({ prefix: options.prefix, shards: 1 })
const wakes = createWakes({ redis, keys, onError: () => undefined })
const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 5 } })
await redis.ping()
sayReady()
const startedAt = performance.now()
const cpu = cpuMicros()
await inParallel(options.updates, 100, async (index) => {
  const chat = 1 + (index % options.chats)
  const lane = { botId: '1', homeId: String(chat), place: '' }
  const payload = JSON.stringify({
    update_id: index,
    message: {
      message_id: index,
      date: 1,
      chat: { id: chat, type: 'private' },
      from: { id: chat, first_name: 'A' },
      text: `this is a test message, number ${index}`,
    },
  })
  const item = { id: String(index), mergeKey: String(chat), album: '', payload }
  const appended = await inbox.append(lane, item, { open: true, countAs: 'updates' })
  if (appended === 'appended') await wakes.wakeLane(lane)
})
reportAndEnd({ ms: performance.now() - startedAt, cpuMicros: cpuMicros() - cpu })
