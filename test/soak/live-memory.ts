/**
 * Loaded into a service under load: collects everything that is garbage twice a minute, and appends what is left to a
 * file, in MiB. What a process holds at other times grows and shrinks as V8 sees fit.
 */
import { appendFileSync } from 'node:fs'
import { env, memoryUsage } from 'node:process'

const file = env.LIVE_MEMORY_FILE
const { gc } = globalThis
if (!file || !gc) throw new Error('LIVE_MEMORY_FILE and --expose-gc are needed')

setInterval(() => {
  gc()
  const { heapUsed, external } = memoryUsage()
  appendFileSync(file, `${(heapUsed + external) / 1024 ** 2}\n`)
}, 30_000).unref()
