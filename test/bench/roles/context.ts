/** Measures what a long conversation costs a turn, in milliseconds: to fit it, and to read and write it. */
import { loadContext, memoryWrites, NO_MEMORY } from '@chatlane/chats'
import { fitTalk, keepTalk, STANDARD_WEIGHTS } from '@chatlane/dialogue'
import { saidInLongTalk } from '../../long-talk.ts'
import { medianMs } from '../median-ms.ts'
import { connect, readOptions, reportAndEnd, sayReady } from './role.ts'

const {
  url,
  messages: count,
  repeats,
} = readOptions<{
  url: string
  messages: number
  repeats: number
}>()
const redis = connect(url)
sayReady()

const messages = Array.from({ length: count }, (_, nth) => ({
  role: nth % 2 === 0 ? ('user' as const) : ('assistant' as const),
  content: saidInLongTalk(nth),
  ...(nth % 25 === 0 && { attachments: [{ kind: 'picture' as const, fileId: `file-${nth}`, tokens: 765 }] }),
}))
const question = { role: 'user' as const, content: saidInLongTalk(count) }
const answer = { role: 'assistant' as const, content: saidInLongTalk(count + 1) }
const talk = { generation: 0, messages, summary: { text: saidInLongTalk(6).repeat(10), upTo: 0 } }
// A third of it has room.
const room = { systemPrompt: 'Be brief.', systemTokens: 7, promptTokens: 30_000, weights: STANDARD_WEIGHTS }
/** As they are after a turn has read them. */
const stored = JSON.parse(JSON.stringify(messages)) as typeof messages
const after = { ...NO_MEMORY, context: { generation: 0, messages } }
const write = () => memoryWrites({ key: 'chat', before: NO_MEMORY, after, ttlSeconds: 60 })
for (const { command, key, args } of write()) if (command === 'hset') await redis.hset(key, ...args)

reportAndEnd({
  fit: await medianMs(() => {
    // Each turn has them anew, and counts them anew.
    const read = stored.map((message) => ({ ...message }))
    fitTalk(talk, { messages: [...read, question], room })
    keepTalk(talk, { messages: [...read, question, answer], room, isSummedUp: true })
  }, repeats),
  read: await medianMs(() => loadContext(redis, 'chat'), repeats),
  pack: await medianMs(write, repeats),
})
