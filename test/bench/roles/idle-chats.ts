/** Lets chats say something once and fall idle; reports what they cost Redis in memory, and updates in CPU. */
import { memoryWrites, NO_MEMORY } from '@chatlane/chats'
import { createInbox, createKeys, createOutbox, type LaneName } from '@chatlane/lanes'
import { connect, inParallel, readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{ url: string; prefix: string; chats: number; turns: number; measured: number }>()
const redis = connect(options.url)
const keys = createKeys({ prefix: options.prefix, shards: 1 })
const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 5 } })
const outbox = createOutbox({ redis, keys })
const QUESTION = 'Could you tell me how the tides work, and why there are two of them a day rather than one? '
const ANSWER =
  'The Moon pulls on the near side of the Earth a little more than on its centre, and on its centre a little more than on the far side. So the water bulges on both sides, and as the Earth turns, a coast passes through both bulges: two high tides a day. '
const messages = Array.from({ length: options.turns * 2 }, (_, i) => ({
  role: i % 2 === 0 ? ('user' as const) : ('assistant' as const),
  content: `${i % 2 === 0 ? QUESTION : ANSWER}(${Math.random().toString(36).repeat(3)} ${i})`,
}))
const info = async (section: string, name: string) =>
  Number(new RegExp(`${name}:([\\d.]+)`).exec(await redis.info(section))?.[1] ?? 0)
const cpuMicros = async () =>
  ((await info('cpu', 'used_cpu_sys')) + (await info('cpu', 'used_cpu_user'))) * 1e6

async function oneUpdate(chat: number, id: string): Promise<void> {
  const lane: LaneName = { botId: '1', homeId: String(chat), place: '' }
  await inbox.append(
    lane,
    { id, mergeKey: '1', album: '', payload: 'x'.repeat(300) },
    { open: true, countAs: 'u' },
  )
  await inbox.take(lane, id)
  const after = {
    state: 'waiting-for-input' as const,
    settings: { language: 'en' as const },
    context: { generation: 0, messages },
    asked: { stream: id, messages: [{ id: 1000 + chat }], digest: 'x'.repeat(16) },
  }
  const memory = options.turns === 0 ? { ...after, context: NO_MEMORY.context } : after
  await inbox.commit(lane, id, {
    stream: id,
    deliveries: [{ id, class: 1, place: '', payload: 'x'.repeat(200), stream: id }],
    writes: memoryWrites({
      key: keys.ofLane(lane, 'chat'),
      before: NO_MEMORY,
      after: memory,
      ttlSeconds: 2_592_000,
    }),
  })
  const attempt = await outbox.attempt(lane, id)
  if (attempt.kind !== 'send') return
  const record = JSON.stringify({ messages: [{ id: 2000 + chat, mark: 'x'.repeat(12) }], stale: [] })
  const result = { kind: 'done', record, hasEnded: true } as const
  await outbox.note(lane, { token: id, delivery: attempt.delivery, result })
}

sayReady()
const before = await info('memory', 'used_memory')
await inParallel(options.chats, 100, (index) => oneUpdate(1 + index, String(index)))
const bytesPerChat = ((await info('memory', 'used_memory')) - before) / options.chats
const cpu = await cpuMicros()
await inParallel(options.measured, 100, (index) =>
  oneUpdate(1 + Math.floor(Math.random() * options.chats), `m${index}`),
)
reportAndEnd({
  bytesPerChat,
  redisMicrosPerUpdate: ((await cpuMicros()) - cpu) / Math.max(1, options.measured),
})
