/** Shows a broadcast's progress until it ends: a bar where somebody watches, a line now and then elsewhere. */
import type { Terminal } from '@chatlane/command'
import { type BroadcastStatus, hasEnded, settledOf } from '@chatlane/lanes'
import { sleep } from '@chatlane/runtime'
import cliProgress from 'cli-progress'
import { advice, inFigures, progressLine } from './words.ts'

const LOOK_MS = 500
const LINE_MS = 5000
const FORMAT =
  '{bar} {percent}% | {settled} of {all} | {sent} sent, {blocked} blocked, {failed} failed, {unknown} unknown | {state}'

/** Something that shows a status; `end` leaves the terminal as it was. */
interface Display {
  show(status: BroadcastStatus): void
  end(): void
}

/**
 * Follows until the broadcast ends, or `signal` aborts: then it says how to come back. Answers whether it ended.
 * `look` answers undefined where the broadcast is gone.
 */
export async function follow(options: {
  look(): Promise<BroadcastStatus | undefined>
  terminal: Terminal
  signal: AbortSignal
}): Promise<boolean> {
  const { look, terminal, signal } = options
  const display = terminal.isWatched ? openBar() : openLines(terminal)
  let status: BroadcastStatus | undefined
  try {
    for (;;) {
      status = await look()
      if (!status) return true
      display.show(status)
      if (hasEnded(status)) break
      if (signal.aborted) break
      await sleep(LOOK_MS, signal)
    }
  } finally {
    display.end()
  }
  if (hasEnded(status)) {
    terminal.say(progressLine(status))
    for (const line of advice(status)) terminal.say(line)
    return true
  }
  const { id } = status
  terminal.say(
    `${id} goes on without you. pnpm broadcast follow ${id} shows it, pnpm broadcast stop ${id} stops it.`,
  )
  return false
}

function openBar(): Display {
  const bar = new cliProgress.SingleBar(
    { format: FORMAT, hideCursor: true, stream: process.stdout, barsize: 30, gracefulExit: false },
    cliProgress.Presets.shades_classic,
  )
  let isStarted = false
  return {
    show(status) {
      const settled = settledOf(status)
      // A broadcast to nobody is a full bar, not an empty one.
      const [total, value] = status.total === 0 ? [1, 1] : [status.total, Math.min(settled, status.total)]
      const figures = {
        percent: Math.floor((100 * value) / total),
        settled: inFigures(settled),
        all: inFigures(status.total),
        sent: inFigures(status.sent),
        blocked: inFigures(status.blocked),
        failed: inFigures(status.failed),
        unknown: inFigures(status.unknown),
        state: status.state,
      }
      if (!isStarted) bar.start(total, value, figures)
      isStarted = true
      bar.setTotal(total)
      bar.update(value, figures)
    },
    end: () => bar.stop(),
  }
}

function openLines(terminal: Terminal): Display {
  let saidAt = Number.NEGATIVE_INFINITY
  return {
    show(status) {
      if (hasEnded(status) || performance.now() - saidAt < LINE_MS) return
      saidAt = performance.now()
      terminal.say(progressLine(status))
    },
    end: () => undefined,
  }
}
