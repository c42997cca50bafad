/**
 * `pnpm soak [minutes]`: finds the highest rate at which 99 of 100 messages are answered within a second, writes at 80 % of it
 * for so long (10 minutes), and prints how late answers were, how memory grew, and what went wrong. `pnpm soak crowding`: how
 * late everyone else's answers are while one chat writes 10,000 messages, and while one bot has 95 % of the traffic.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { residentMiB, slopeOf } from '../bench/memory-of.ts'
import { BOTS, type Installation, openInstallation } from './installation.ts'
import { createPeople, LATE_MS, type Lags, type People } from './load.ts'

const CHATS = Array.from({ length: 500 }, (_, i) => 100_001 + i)
const [BOT = 0, OTHER = 0] = BOTS
const STEP = 20
/** The longest step of the search; short soaks have shorter ones. */
const STEP_MS = 10_000
const SHARE = 0.8
/** Node's heap has found its size by then. */
const WARM_MS = 180_000
const ALIVE_EVERY_MS = 30_000

const what = process.argv[2] ?? '10'
const at = await openInstallation()
try {
  const people = createPeople(at.telegram)
  await people.write({ users: CHATS, bot: BOT, perSecond: STEP }, 5000)
  const result = what === 'crowding' ? await crowding(people) : await soak(at, people, Number(what) * 60_000)
  mkdirSync('.bench', { recursive: true })
  writeFileSync(`.bench/soak-${what}.json`, `${JSON.stringify(result, undefined, 2)}\n`)
  tell(JSON.stringify(result, undefined, 2))
} finally {
  await at.stop()
}

/** The highest rate that was answered in time, each written at for `stepMs`. */
async function findCapacity(people: People, stepMs: number): Promise<number> {
  for (let perSecond = STEP; ; perSecond += STEP) {
    const lags = await people.write({ users: CHATS, bot: BOT, perSecond }, stepMs)
    tell(`${perSecond}/s: ${lagText(lags)}`)
    if (lags.p99 >= LATE_MS || lags.open > perSecond) {
      await people.settle()
      return perSecond - STEP
    }
  }
}

async function soak(installation: Installation, people: People, ms: number) {
  const capacity = await findCapacity(people, Math.min(STEP_MS, ms / 10))
  const load = { users: CHATS, bot: BOT, perSecond: capacity * SHARE }
  const thirds: Lags[] = []
  for (let third = 0; third < 3; third++) {
    const lags = await people.write(load, ms / 3)
    tell(`${load.perSecond}/s: ${lagText(lags)}`)
    thirds.push(lags)
  }
  const names = ['gateway', 'worker', 'sender'] as const
  const memory = names.map((name) => memoryOf(installation, name, ms - Math.min(WARM_MS, ms / 3)))
  await people.settle()
  const [bot] = installation.telegram.ledger().bots
  return {
    capacityPerSecond: capacity,
    perSecond: load.perSecond,
    thirds,
    lastToFirstP99: (thirds[2]?.p99 ?? 0) / (thirds[0]?.p99 ?? 1),
    memory,
    refusals: bot?.refusals,
    failedDeliveries: bot?.updates.failed,
    failedAnswers: installation.model.ledger().failed,
  }
}

/** What is alive in a service, how that grew over the last `ms`, and what the process holds. */
function memoryOf({ services, alive }: Installation, name: keyof Installation['services'], ms: number) {
  const last = alive(name).slice(-Math.max(2, Math.floor(ms / ALIVE_EVERY_MS)))
  const { pid = 0 } = services[name].child
  return {
    name,
    aliveMiB: last.at(-1),
    aliveMiBPerMinute: slopeOf(last) * (60_000 / ALIVE_EVERY_MS),
    residentMiB: residentMiB(pid),
  }
}

async function crowding(people: People) {
  const quiet = { users: CHATS.slice(0, 200), bot: OTHER, perSecond: 10 }
  const alone = await people.write(quiet, 30_000)
  const noisyChat = people.flood({ users: [999_999], bot: OTHER, perSecond: 400 }, 10_000)
  const besideChat = await people.write(quiet, 25_000)
  await noisyChat
  const busy = { users: CHATS.slice(200), bot: BOT, perSecond: 95 }
  const [, besideBot] = await Promise.all([
    people.write(busy, 30_000),
    people.write({ ...quiet, perSecond: 5 }, 30_000),
  ])
  return { alone, besideChat, besideBot }
}

function lagText({ p50, p99, answered, open }: Lags): string {
  return `${answered} answered, p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms, ${open} open`
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}
