import { startRedisServer } from '/work/main/packages/embedded-redis/src/index.ts'
import { runPipeline } from '/work/main/test/bench/pipeline.ts'

const s = await startRedisServer()
const chats = Number(process.argv[2] ?? 1000),
  updates = Number(process.argv[3] ?? 30000)
for (let i = 0; i < Number(process.argv[4] ?? 2); i++)
  for (const side of ['plain', 'lanes'] as const)
    console.log(side, await runPipeline({ url: s.url, side, updates, chats }))
await s.stop()
