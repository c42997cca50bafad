/** What the command shows and asks. */
import { createInterface } from 'node:readline/promises'

/** Where the command talks. */
export interface Terminal {
  /** Whether somebody watches: without, no bar is drawn and nothing is asked. */
  isWatched: boolean
  say(line: string): void
  /** Whether the answer is yes. Only where somebody watches. */
  ask(question: string): Promise<boolean>
}

/** The process's own terminal. */
export function openTerminal(): Terminal {
  return {
    isWatched: process.stdout.isTTY === true && process.stdin.isTTY === true,
    say: (line) => void process.stdout.write(`${line}\n`),
    async ask(question) {
      const lines = createInterface({ input: process.stdin, output: process.stdout })
      // Ctrl+C and the end of input are no answer; they leave the line where the question stands.
      const gone = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
      const asked = lines.question(`${question} [y/N] `).catch(() => undefined)
      const answer = await Promise.race([asked, gone])
      if (answer === undefined) process.stdout.write('\n')
      lines.close()
      return /^y/i.test(answer?.trim() ?? '')
    },
  }
}
