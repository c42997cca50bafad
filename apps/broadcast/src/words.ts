/** Broadcasts in words. */
import { counted, moment } from '@chatlane/command'
import { type BroadcastStatus, settledOf } from '@chatlane/lanes'

/** `1,234` */
export function inFigures(count: number): string {
  return count.toLocaleString('en-US')
}

/** `1 chat`, `1,234 chats` */
export function inChats(count: number): string {
  return counted(count, 'chat')
}

/** The outcomes so far: those that are always told, and the rarer ones where there are any. */
export function outcomes(status: BroadcastStatus): string {
  const { sent, blocked, failed, unknown, skipped } = status
  const parts = Object.entries({ sent, blocked, failed, unknown }).map(
    ([name, count]) => `${inFigures(count)} ${name}`,
  )
  if (skipped > 0) parts.push(`${inFigures(skipped)} skipped (blocked the bot before)`)
  return parts.join(', ')
}

/** One line that says how far a broadcast is. */
export function progressLine(status: BroadcastStatus): string {
  const settled = settledOf(status)
  const percent = status.total === 0 ? 100 : Math.min(100, Math.floor((100 * settled) / status.total))
  return `${status.id} ${status.state} ${percent}% (${inFigures(settled)} of ${inChats(status.total)}): ${outcomes(status)}`
}

/** Lines about one broadcast. */
export function description(status: BroadcastStatus): string[] {
  const paid = status.paidPerSecond === undefined ? '' : `, paid: ${status.paidPerSecond} a second`
  const to = status.audience === 'all' ? 'to all' : 'to a list'
  return [
    progressLine(status),
    `  made ${moment(status.createdAtMs)}, ${to}${paid}${status.endedAtMs ? `, ended ${moment(status.endedAtMs)}` : ''}`,
    ...advice(status).map((line) => `  ${line}`),
  ]
}

/** What can be done about a broadcast, where something can. */
export function advice(status: BroadcastStatus): string[] {
  const { id, state, unknown, resentAs } = status
  const lines: string[] = []
  if (state === 'stopped') lines.push(`It goes on with: pnpm broadcast resume ${id}`)
  if (resentAs) lines.push(`Sent to the unknown ones as ${resentAs}`)
  else if (unknown > 0) {
    lines.push(
      `${inChats(unknown)} may or may not have got it: pnpm broadcast unknown ${id} lists them, pnpm broadcast resend ${id} sends to them anyway`,
    )
  }
  return lines
}
