/** Runs a simulated OpenRouter as a process: JSON options as the first argument, `{"url","controlUrl"}` as its one line. */
import { createOpenRouterSimulator } from './openrouter/simulator.ts'

const simulator = await createOpenRouterSimulator(JSON.parse(process.argv[2] ?? '{}'))
process.stdout.write(`${JSON.stringify({ url: simulator.url, controlUrl: simulator.controlUrl })}\n`)

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => void simulator.close().then(() => process.exit(0)))
}
