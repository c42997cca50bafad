/** The rows of what leaves a bot: messages, previews, broadcasts, and replies beside a broadcast. */
import type { Bound } from './bounds.ts'
import { runBroadcast } from './broadcasts.ts'
import { runRole } from './measured-process.ts'
import { runPeer, runSending } from './sending.ts'

const CHATS = 200
const CALLS = 10_000
const RECIPIENTS = 20_000
const KINDS = [
  { kind: 'messages', row: 'CPU of a delivered message' },
  { kind: 'edits', row: 'CPU of a preview' },
] as const
/** How long Telegram takes to answer a sender near its servers, and one far away. */
const ANSWERS = [
  [20, 60],
  [80, 160],
] as const
const broadcastRow = ([from, to]: readonly [number, number]) =>
  `paid broadcast at 1,000/s, answers after ${from}–${to} ms`
const REPLIES = [
  { row: 'reply past a broadcast to 5,000', recipients: 5000 },
  { row: 'reply past a paid broadcast to 40,000', recipients: 40_000, paidPerSecond: 1000 },
]

/** What the rows are to come to. */
export const SENDING_BOUNDS: Bound[] = [
  ...KINDS.map(({ row }) => ({ row, unit: 'µs', ours: 'sender', peer: 'telegraf', mostOfPeer: 1.25 })),
  ...ANSWERS.map((answerMs) => ({
    row: broadcastRow(answerMs),
    unit: 'recipients/s',
    ours: 'sender',
    least: 850,
  })),
  ...REPLIES.map(({ row }) => ({ row, unit: 'ms p99', ours: 'lanes', most: 100 })),
]

/** Runs each once. */
export async function noteSending(
  url: string,
  note: (benchmark: string, side: string, unit: string, value: number) => void,
): Promise<void> {
  for (const { kind, row } of KINDS) {
    const run = { kind, chats: CHATS, calls: CALLS }
    for (const peer of ['telegraf', 'grammy'] as const) note(row, peer, 'µs', await runPeer(peer, run))
    const cost = await runSending({ url, ...run })
    note(row, 'sender', 'µs', cost.senderMicros)
    note(row, 'sender', 'µs of Redis', cost.redisMicros)
    note(row, 'sender', '/s', cost.perSecond)
  }
  for (const answerMs of ANSWERS) {
    const run = await runBroadcast({ url, recipients: RECIPIENTS, answerMs })
    const row = broadcastRow(answerMs)
    note(row, 'sender', 'recipients/s', run.recipientsPerSecond)
    note(row, 'sender', 'µs', run.senderMicros)
    note(row, 'sender', 'µs of Redis', run.redisMicros)
    note(row, 'sender', 'over a limit', run.overLimit)
  }
  for (const { row, ...broadcast } of REPLIES) {
    const options = { ...broadcast, replies: 200, answerMs: ANSWERS[0] }
    const reply = await runRole(url, 'reply-past-broadcast', options)
    note(row, 'lanes', 'ms p50', reply.p50 ?? Number.NaN)
    note(row, 'lanes', 'ms p99', reply.p99 ?? Number.NaN)
  }
}
