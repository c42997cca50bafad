/** Runs the Telegram simulator as a process: options as JSON in the first argument, its address on stdout. */
import { fstatSync } from 'node:fs'
import type { TelegramSimulatorOptions } from './telegram/options.ts'
import { createTelegramSimulator } from './telegram/telegram-simulator.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as TelegramSimulatorOptions
const simulator = await createTelegramSimulator(options)
process.stdout.write(`${JSON.stringify({ url: simulator.url })}\n`)

const stop = () => {
  void simulator.close().then(() => process.exit(0))
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
// Whoever started it through a pipe is gone when the pipe ends; the end of /dev/null or of a terminal means nothing.
const input = fstatSync(0)
if (input.isFIFO() || input.isSocket()) process.stdin.once('end', stop).resume()
