/**
 * `pnpm bench [runs]`: every benchmark, peers beside us in the same run, alternating; a table and `.bench/results.json`.
 * `pnpm bench <runs> sending`: only what leaves a bot; `handlers`: only authors' handlers; `context`: only what a long
 * conversation costs a turn.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { startRedisServer } from '@chatlane/embedded-redis'
import { runAcknowledgements } from './acknowledgements.ts'
import { boundsTable } from './bounds.ts'
import { CONTEXT_BOUNDS, contextRows } from './context-rows.ts'
import { runCallLateness, runTapLateness } from './handlers.ts'
import { runRole } from './measured-process.ts'
import { runPipeline } from './pipeline.ts'
import { noteSending, SENDING_BOUNDS } from './sending-rows.ts'
import { type Figures, figuresTable, medianRatio } from './table.ts'
import { TEXT_BOUNDS, textRows } from './text-rows.ts'

const runs = Number(process.argv[2] ?? 5)
const only = process.argv[3]
const figures: Figures[] = []
const ratios: Record<string, number> = {}

function note(benchmark: string, side: string, unit: string, value: number): void {
  const known = figures.find(
    (each) => each.benchmark === benchmark && each.side === side && each.unit === unit,
  )
  if (known) known.runs.push(value)
  else figures.push({ benchmark, side, unit, runs: [value] })
}

function compare(benchmark: string, ours: string, peer: string, unit: string): void {
  const of = (side: string) =>
    figures.find((each) => each.benchmark === benchmark && each.side === side && each.unit === unit)?.runs ??
    []
  ratios[`${benchmark}: ${ours} / ${peer}`] = medianRatio(of(ours), of(peer))
}

const server = await startRedisServer({ args: ['--appendonly', 'no'] })
const { url } = server
try {
  for (let run = 1; run <= runs; run++) {
    process.stderr.write(`run ${run} of ${runs}\n`)
    if (!only || only === 'context')
      for (const { what, side, unit, value } of await contextRows(url)) note(what, side, unit, value)
    if (only === 'context') continue
    if (only !== 'handlers') await noteSending(url, note)
    if (only === 'sending') continue
    for (const side of ['plain', 'chatlane'] as const) {
      const late = await runCallLateness({ url, side, perSecond: 300, seconds: 20 })
      note("from a handler's call to Telegram, 300/s", side, 'ms p50', late.p50)
      note("from a handler's call to Telegram, 300/s", side, 'ms p99', late.p99)
    }
    const taps = await runTapLateness({ url, chats: 300, perSecond: 50, seconds: 20 })
    note('from a tap to its answer, 300 replies of a minute beside it', 'chatlane', 'ms p50', taps.p50)
    note('from a tap to its answer, 300 replies of a minute beside it', 'chatlane', 'ms p99', taps.p99)
    if (only === 'handlers') continue
    for (const { what, side, unit, value } of await textRows()) note(what, side, unit, value)
    for (const side of ['bare', 'gateway'] as const) {
      for (const chats of [1000, 30_000]) {
        const acknowledged = await runAcknowledgements({ url, side, updates: 30_000, chats })
        const name = `acknowledged updates, ${chats.toLocaleString('en')} chats`
        note(name, side, '/s', acknowledged.updatesPerSecond)
        note(name, side, 'of its core', acknowledged.core)
      }
    }
    for (const side of ['plain', 'lanes'] as const) {
      for (const chats of [1000, 30_000]) {
        const through = await runPipeline({ url, side, updates: 30_000, chats })
        const name = `through both queues, ${chats.toLocaleString('en')} chats`
        note(name, side, '/s', through.updatesPerSecond)
        note(name, side, 'of its core', through.consumerCore)
        note(name, side, 'µs of Redis', through.redisMicrosPerUpdate)
      }
    }
    for (const quietMs of [0, 300]) {
      const late = await runRole(
        url,
        'wake-latency',
        { quietMs, turnMs: 1500, updates: 3000 },
        'steady-producer',
        {
          perSecond: 300,
          updates: 3000,
        },
      )
      note(`append to turn, window ${quietMs} ms, 300/s`, 'lanes', 'ms p99', late.p99 ?? Number.NaN)
    }
    const paced = await runRole(url, 'paced-pump', { chats: 500, calls: 600 })
    note('lateness of a paced call, 500 chats waiting', 'lanes', 'ms p99', paced.p99 ?? Number.NaN)
    for (const turns of [0, 20]) {
      const idle = await runRole(url, 'idle-chats', { chats: 5000, turns, measured: 0 })
      note(`idle chat, ${turns} turns of context`, 'lanes', 'bytes', idle.bytesPerChat ?? Number.NaN)
    }
    for (const chats of [1000, 1_000_000]) {
      const cost = await runRole(url, 'idle-chats', { chats, turns: 0, measured: 20_000 })
      note(
        'Redis CPU of an update',
        `${chats.toLocaleString('en')} chats`,
        'µs',
        cost.redisMicrosPerUpdate ?? Number.NaN,
      )
    }
  }
  for (const chats of only ? [] : ['1,000', '30,000']) {
    compare(`acknowledged updates, ${chats} chats`, 'gateway', 'bare', '/s')
    compare(`through both queues, ${chats} chats`, 'lanes', 'plain', '/s')
  }
  if (!only) compare('Redis CPU of an update', '1,000,000 chats', '1,000 chats', 'µs')
} finally {
  await server.stop()
}
mkdirSync('.bench', { recursive: true })
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  node: process.version,
  at: new Date().toISOString(),
}
const file = `.bench/${only ?? 'results'}.json`
writeFileSync(file, `${JSON.stringify({ machine, figures, ratios }, null, 2)}\n`)
console.log(figuresTable(figures))
console.log(`\n${boundsTable(figures, [...SENDING_BOUNDS, ...TEXT_BOUNDS, ...CONTEXT_BOUNDS])}`)
console.log(`\n| ratio of medians, pair by pair | |\n| --- | --- |`)
for (const [name, ratio] of Object.entries(ratios)) console.log(`| ${name} | ${ratio.toFixed(2)} |`)
console.log(`\n${file} has every run.`)
