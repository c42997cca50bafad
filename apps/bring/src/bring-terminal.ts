/** What the command shows. */
import { openTerminal, type Terminal } from '@chatlane/command'
import cliProgress from 'cli-progress'

/** Where the command talks. */
export interface BringTerminal extends Pick<Terminal, 'say'> {
  /** One line about something that can't be brought. Only the first hundred are shown. */
  complain(line: string): void
  /** Shows how far it is where somebody watches; `end` leaves the terminal as it was. */
  progress(unit: string): { show(done: number, total: number, count: number): void; end(): void }
}

const MOST_COMPLAINTS = 100

/** The process's own terminal. */
export function openBringTerminal(): BringTerminal {
  const { say } = openTerminal()
  let complaints = 0
  return {
    say,
    complain(line) {
      complaints++
      if (complaints <= MOST_COMPLAINTS) process.stderr.write(`${line}\n`)
      if (complaints === MOST_COMPLAINTS) process.stderr.write('… and no more is listed\n')
    },
    progress(unit) {
      if (!process.stderr.isTTY) return { show: () => undefined, end: () => undefined }
      const format = `{bar} {percentage}% | {count} ${unit}`
      const bar = new cliProgress.SingleBar(
        { format, hideCursor: true, stream: process.stderr, barsize: 30, gracefulExit: false },
        cliProgress.Presets.shades_classic,
      )
      bar.start(1, 0, { count: '0' })
      return {
        show(done, total, count) {
          bar.setTotal(Math.max(1, total))
          bar.update(done, { count: count.toLocaleString('en-US') })
        },
        end: () => bar.stop(),
      }
    },
  }
}
