/** An author's bot as a process of its own, without the product. */
import { spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'

/** A started bot. */
export interface BotProcess {
  /** SIGTERM; resolves when it has ended. Rejects with what it wrote where it did not end well. */
  stop(): Promise<void>
}

/** Runs `node <file>` with `environment` and nothing else of this process's but the PATH; ends with the test. */
export function startBotProcess(file: string, environment: Record<string, string>): BotProcess {
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const wrote: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => wrote.push(text))
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    async stop() {
      child.kill('SIGTERM')
      const how = await ended
      if (how !== 0) throw new Error(`the bot ended with ${how}:\n${wrote.join('')}`)
    },
  }
}
