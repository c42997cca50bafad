/** Runs an example as its author does at home: `node bot.js`, by long polling. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createTelegramSimulator, type TelegramSimulator } from '@chatlane/simulators'
import { onTestFinished } from 'vitest'
import type { Example } from './example.ts'

/** The token of the bot of every example. */
export const EXAMPLE_TOKEN = '7002:AAtest-token-of-the-examples'

/** A bot that runs. */
export interface PlainBot {
  /** What it has written, oldest first. */
  lines: string[]
  /** Resolves with exit code or signal. */
  ended: Promise<number | NodeJS.Signals>
  /** Ctrl-C, and the exit code. */
  stop(): Promise<number | NodeJS.Signals>
}

/** Starts the file; whatever is left of it ends with the test. */
export function startPlainBot({
  file,
  environment,
  telegram,
}: {
  file: string
  environment: Record<string, string>
  telegram: TelegramSimulator
}): PlainBot {
  const child = spawn(process.execPath, [file], {
    env: {
      PATH: process.env.PATH,
      NODE_NO_WARNINGS: '1',
      BOT_TOKEN: EXAMPLE_TOKEN,
      TELEGRAM_API_ROOT: telegram.url,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => lines.push(line))
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? -1))
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    lines,
    ended,
    stop() {
      child.kill('SIGINT')
      return ended
    },
  }
}

/** A simulator with the examples' bot, which may do all in groups; it closes with the test. */
export async function openExampleTelegram(): Promise<TelegramSimulator> {
  const telegram = await createTelegramSimulator({
    bots: [{ token: EXAMPLE_TOKEN, username: 'example_bot', firstName: 'Example' }],
  })
  onTestFinished(() => telegram.close())
  return telegram
}

/** Runs an example plainly and plays its script. Rejects where the bot ends before, writes anything or does not stop well. */
export async function playPlain({ file, environment, run }: Example): Promise<string> {
  const telegram = await openExampleTelegram()
  const bot = startPlainBot({ file, environment: environment(), telegram })
  const dead = bot.ended.then((how) => Promise.reject(new Error(`it ended with ${how}`)))
  const transcript = await Promise.race([run(telegram), dead]).catch((error: Error) => {
    throw new Error(`${error.message}\n\nthe bot wrote:\n${bot.lines.join('\n')}`, { cause: error })
  })
  dead.catch(() => undefined)
  const how = await bot.stop()
  if (how !== 0 || bot.lines.length > 0) {
    throw new Error(`it ended with ${how} and wrote:\n${bot.lines.join('\n')}`)
  }
  return transcript
}
