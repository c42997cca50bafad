import { openTestRedis } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { type ChatMemory, forgetWrites, loadMemory, memoryWrites, NO_MEMORY } from '../src/chat-memory.ts'
import type { ChatWrite } from '../src/chat-write.ts'
import type { ContextMessage } from '../src/context.ts'
import { keepSummary } from '../src/keep-summary.ts'

const TTL = 1000

function openMemory() {
  const { redis, prefix } = openTestRedis()
  const key = `${prefix}:chat`
  /** Applies writes as the commit of a turn does. */
  const apply = async (writes: readonly ChatWrite[]) => {
    let skip = 0
    for (const { command, args } of writes) {
      if (skip > 0) {
        skip--
        continue
      }
      const [field, value, next] = args
      if (command === 'guard') {
        if (((await redis.hget(key, String(field))) ?? '') !== String(value)) skip = Number(next)
      } else await redis.call(command, key, ...args)
    }
  }
  const turn = async (before: ChatMemory, after: ChatMemory) => {
    await apply(memoryWrites({ key, before, after, ttlSeconds: TTL }))
    return loadMemory(redis, key)
  }
  return { redis, key, apply, turn }
}

const said = (text: string): ChatMemory => ({
  state: 'waiting-for-input',
  settings: { language: 'ru' },
  context: { generation: 0, messages: [{ role: 'user', content: text }] },
})

test('a lane that was never spoken in has nothing', async () => {
  const { redis, key } = openMemory()
  expect(await loadMemory(redis, key)).toEqual(NO_MEMORY)
})

test('what a turn leaves is what the next one finds', async () => {
  const { turn } = openMemory()
  const first = said('Привет 👋\n"quoted" \u0000')
  expect(await turn(NO_MEMORY, first)).toEqual(first)
  const messages: ContextMessage[] = [...first.context.messages, { role: 'assistant', content: 'Hi' }]
  const second: ChatMemory = { ...first, settings: { language: 'en' }, context: { generation: 0, messages } }
  expect(await turn(first, second)).toEqual(second)
})

test('who said something and what files came with it are kept', async () => {
  const { turn } = openMemory()
  const messages: ContextMessage[] = [
    {
      role: 'user',
      content: 'Look',
      speaker: 'Anna',
      attachments: [{ kind: 'picture', fileId: 'f1', tokens: 800 }],
    },
    { role: 'assistant', content: 'A cat.' },
  ]
  const memory = { ...said(''), context: { generation: 0, messages } }
  expect(await turn(NO_MEMORY, memory)).toEqual(memory)
})

test('the newest question is kept until the conversation begins anew', async () => {
  const { turn } = openMemory()
  const asked = { stream: '40', messages: [{ id: 9 }, { id: 10, content: 'and' }], digest: 'x' }
  const first = { ...said('one'), asked }
  expect(await turn(NO_MEMORY, first)).toEqual(first)
  expect(await turn(first, first)).toEqual(first)
  const { asked: _, ...anew } = first
  expect(await turn(first, anew)).toEqual(anew)
})

test('a new beginning forgets the messages, and what was made before it adds none', async () => {
  const { turn } = openMemory()
  const first = said('one')
  await turn(NO_MEMORY, first)
  const fresh: ChatMemory = { ...first, context: { generation: 1, messages: [] } }
  expect(await turn(first, fresh)).toEqual(fresh)
  const late: ChatMemory = {
    ...first,
    context: { generation: 0, messages: [{ role: 'user', content: 'two' }] },
  }
  expect((await turn(first, late)).context).toEqual(fresh.context)
})

test('a late turn of an older generation still keeps its settings', async () => {
  const { turn } = openMemory()
  const first = said('one')
  await turn(NO_MEMORY, first)
  await turn(first, { ...first, context: { generation: 1, messages: [] } })
  const late = { ...first, settings: { language: 'en' as const }, context: { generation: 0, messages: [] } }
  expect(await turn(first, late)).toMatchObject({ settings: { language: 'en' }, context: { generation: 1 } })
})

test('a turn that changes nothing writes nothing but how long it is kept', () => {
  const memory = said('one')
  expect(memoryWrites({ key: 'k', before: memory, after: memory, ttlSeconds: TTL })).toEqual([
    { command: 'expire', key: 'k', args: [TTL] },
  ])
})

test('a memory is forgotten so long after its last turn', async () => {
  const { redis, key, turn } = openMemory()
  await turn(NO_MEMORY, said('one'))
  expect(await redis.ttl(key)).toBeGreaterThan(TTL - 5)
  expect(await redis.ttl(key)).toBeLessThanOrEqual(TTL)
})

test('a conversation of twenty turns takes less than 6 KB', async () => {
  const { redis, key, turn } = openMemory()
  const words = 'how can I make a cup of good coffee at home without any machine and with little time'.split(
    ' ',
  )
  const sentence = (nth: number, length: number) =>
    Array.from({ length }, (_, n) => words[(n * (nth + 3) + nth * nth) % words.length]).join(' ')
  const messages = Array.from({ length: 20 }, (_, nth): ContextMessage[] => [
    { role: 'user', content: `${sentence(nth, 15)}? (${nth})` },
    { role: 'assistant', content: `${sentence(nth + 7, 90)}. (${nth})` },
  ]).flat()
  const memory = { ...said(''), context: { generation: 0, messages } }
  expect(await turn(NO_MEMORY, memory)).toEqual(memory)
  expect(JSON.stringify(messages).length).toBeGreaterThan(10_000)
  expect(await redis.memory('USAGE', key)).toBeLessThan(6 * 1024)
})

test('who stopped an answer and the language are kept, and written only when they change', async () => {
  const { key, turn } = openMemory()
  const first = said('one')
  await turn(NO_MEMORY, first)
  const stopped: ChatMemory = {
    ...first,
    settings: { language: 'en' },
    stoppedBy: 123_456_789_012,
  }
  expect(await turn(first, stopped)).toEqual(stopped)
  const fieldsOf = (before: ChatMemory, after: ChatMemory) =>
    memoryWrites({ key, before, after, ttlSeconds: TTL }).flatMap(({ command, args }) =>
      command === 'hset' ? args.map(String) : [],
    )
  expect(fieldsOf(stopped, { ...stopped })).toEqual([])
  expect(fieldsOf(stopped, { ...stopped, stoppedBy: 5 })).toEqual(['stoppedBy', '5'])
  expect(fieldsOf(stopped, { ...stopped, settings: { language: 'ru' } })).toEqual(['language', 'ru'])
})

test('what is forgotten is gone, and a turn that began before brings none of it back', async () => {
  const { redis, key, apply, turn } = openMemory()
  for (const before of [NO_MEMORY, { ...said('one'), stoppedBy: 7 }]) {
    const first = await turn(NO_MEMORY, before)
    const { generation } = first.context
    await apply(forgetWrites(key))
    const forgotten = { ...NO_MEMORY, context: { generation: generation + 1, messages: [] } }
    expect(await loadMemory(redis, key)).toEqual(forgotten)
    expect(await redis.ttl(key)).toBeGreaterThan(25 * 3600)
    const late = { ...first, context: { generation, messages: said('late').context.messages } }
    expect((await turn(first, late)).context).toEqual(forgotten.context)
    await redis.del(key)
  }
})

test('a conversation goes on after it was forgotten', async () => {
  const { redis, key, apply, turn } = openMemory()
  await turn(NO_MEMORY, said('one'))
  await apply(forgetWrites(key))
  const before = await loadMemory(redis, key)
  const after = { ...said('two'), context: { generation: 1, messages: said('two').context.messages } }
  expect(await turn(before, after)).toEqual(after)
})

test('messages that are in a summary are left out as soon as it is there, and out of Redis with the next turn', async () => {
  const { redis, key, turn } = openMemory()
  const messages = ['one', 'two', 'three', 'four'].map(
    (content): ContextMessage => ({ role: 'user', content }),
  )
  const first = { ...said(''), context: { generation: 0, messages } }
  await turn(NO_MEMORY, first)
  const summary = { text: 'Один, два.', upTo: 2 }
  expect(await keepSummary(redis, { key, generation: 0, summary })).toBe('kept')
  const summed = { ...first, context: { generation: 0, first: 2, messages: messages.slice(2), summary } }
  expect(await loadMemory(redis, key)).toEqual(summed)
  expect(await redis.ttl(key)).toBeGreaterThan(TTL - 5)
  const five: ContextMessage = { role: 'user', content: 'five' }
  const next = { ...summed, context: { ...summed.context, messages: [...messages.slice(2), five] } }
  expect(await turn(summed, next)).toEqual(next)
  expect(await redis.hget(key, 'first')).toBe('2')
})

test('a turn that began before a summary was kept undoes nothing of it', async () => {
  const { redis, key, turn } = openMemory()
  const messages = ['one', 'two', 'three'].map((content): ContextMessage => ({ role: 'user', content }))
  const before = { ...said(''), context: { generation: 0, messages } }
  await turn(NO_MEMORY, before)
  const summary = { text: 'One, two.', upTo: 2 }
  await keepSummary(redis, { key, generation: 0, summary })
  const four: ContextMessage = { role: 'user', content: 'four' }
  const after = { ...before, context: { generation: 0, messages: [...messages, four] } }
  expect((await turn(before, after)).context).toEqual({
    generation: 0,
    first: 2,
    messages: [...messages.slice(2), four],
    summary,
  })
})

test('a summary that is late for a new beginning, or for what was forgotten, writes nothing', async () => {
  for (const end of ['new', 'forgotten'] as const) {
    const { redis, key, apply, turn } = openMemory()
    const before = said('one')
    await turn(NO_MEMORY, before)
    if (end === 'forgotten') await apply(forgetWrites(key))
    else await turn(before, { ...before, context: { generation: 1, messages: [] } })
    const summary = { text: 'One.', upTo: 1 }
    const late = () => keepSummary(redis, { key, generation: 0, summary })
    expect(await late()).toBe('outdated')
    const fresh = await loadMemory(redis, key)
    const context = { generation: 1, messages: said('two').context.messages }
    expect((await turn(fresh, { ...fresh, context })).context).toEqual(context)
    expect(await late()).toBe('outdated')
    expect((await loadMemory(redis, key)).context).toEqual(context)
  }
})

test('a new beginning drops the summary, also one that was kept while its turn went on', async () => {
  const { redis, key, turn } = openMemory()
  const before = said('one')
  await turn(NO_MEMORY, before)
  await keepSummary(redis, { key, generation: 0, summary: { text: 'One.', upTo: 1 } })
  const fresh = { ...before, context: { generation: 1, messages: [] } }
  expect(await turn(before, fresh)).toEqual(fresh)
  expect((await redis.hkeys(key)).sort()).toEqual(['generation', 'language', 'state'])
})

test('what is forgotten takes its summary along', async () => {
  const { redis, key, apply, turn } = openMemory()
  await turn(NO_MEMORY, { ...said('one'), context: { ...said('one').context, first: 3 } })
  await keepSummary(redis, { key, generation: 0, summary: { text: 'One.', upTo: 4 } })
  await apply(forgetWrites(key))
  expect(await redis.hkeys(key)).toEqual(['generation'])
})

test('of two summaries the one that goes further stays, and one that is sent again finds itself', async () => {
  const { redis, key, turn } = openMemory()
  await turn(NO_MEMORY, {
    ...said('one'),
    context: { generation: 2, messages: said('one').context.messages },
  })
  const keep = (text: string, upTo: number) =>
    keepSummary(redis, { key, generation: 2, summary: { text, upTo } })
  expect(await keep('far', 20)).toBe('kept')
  expect(await keep('far', 20)).toBe('kept')
  expect(await keep('near', 10)).toBe('outdated')
  expect(await keep('another', 20)).toBe('outdated')
  expect((await loadMemory(redis, key)).context.summary).toEqual({ text: 'far', upTo: 20 })
  expect(await keep('farther', 21)).toBe('kept')
})

test('where nothing is remembered any more no summary is kept', async () => {
  const { redis, key } = openMemory()
  expect(await keepSummary(redis, { key, generation: 0, summary: { text: 'One.', upTo: 1 } })).toBe(
    'outdated',
  )
  expect(await redis.exists(key)).toBe(0)
})
