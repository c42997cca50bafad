/** People talk with bots while faults meet one kind of process; then it is told what they saw. */
import { countedRepeats } from '../e2e/counted-repeats.ts'
import {
  CROWD_PROMPT,
  type Crowd,
  everyoneAnswered,
  type Findings,
  gatherCrowd,
  judgeCrowd,
  letCrowdTalk,
} from '../e2e/crowd.ts'
import type { ServiceProcess } from '../e2e/service-process.ts'
import { openStack, type Stack } from '../e2e/stack.ts'
import { pointWebhook, WEBHOOK_ENVIRONMENT } from '../e2e/webhook.ts'
import type { Fault } from './fault.ts'
import { createSlots, type Slots, startArmed } from './slots.ts'
import type { Victim } from './steps.ts'

/** The processes that faults may meet; one more of each kind goes on. */
const ARMED = { gateway: 5, worker: 10, sender: 10 }
const BOTS = Array.from({ length: 10 }, (_, i) => 7101 + i)
const TOKENS = BOTS.map((id) => `${id}:AAtest-token-of-a-bot-among-faults`)
/** Each has a process that leads its sweeps. */
const SHARDS = 5
const WAVE = { chats: 30, messages: 3, pauseMs: [300, 900] as const }
/** A message that has no whole answer after this time is lost. */
const LOST_AFTER_MS = 60_000
/** A pump that has nothing to do for 2 s is given up. */
const REST_MS = 3000
/** A fault that meets nobody within this time is given up. */
const MET_WITHIN_MS = 20_000

/** What faults did, and what people saw of them. */
export interface Seen extends Findings {
  /** How many faults met a process. */
  hits: number
  /** The faults that met none, because no process passed there in time. */
  missed: Fault[]
  /** Messages that were said. */
  said: number
  /** Replies that the product counted as repeated. */
  counted: number
}

/** An installation whose `victim` processes can be met. */
export interface FaultStack {
  stack: Stack
  slots: Slots
  nextUser: number
  /** Ends the process that no fault meets, which leads whatever it has begun to lead, and starts another. */
  passLeadership(): Promise<void>
}

/** Starts it; it ends with the test. */
export async function openFaultStack(victim: Victim): Promise<FaultStack> {
  const stack = await openStack({
    environment: {
      TELEGRAM_BOT_TOKEN: '',
      TELEGRAM_BOT_TOKENS: TOKENS.join(','),
      MERGE_WINDOW_MS: '0',
      SYSTEM_PROMPT: CROWD_PROMPT,
      CONTEXT_MAX_TOKENS: '1000000',
      BUDGET_USD_PER_DAY: '1000',
      OPENROUTER_MAX_CONCURRENT: '200',
      LANE_SHARDS: String(SHARDS),
      ...WEBHOOK_ENVIRONMENT,
    },
    telegram: {
      bots: TOKENS.map((token, i) => ({ token, username: `fault_${i}_bot`, firstName: 'Fault' })),
      limits: { enforce: true },
      answerDelayMs: [20, 100],
      webhookRetryBaseMs: 100,
      doubleWithinMs: 50,
      keepEdits: 1,
    },
    model: { firstTokenMs: [50, 150], totalMs: [300, 2000], keepRequests: 2000 },
  })
  const gateways: ServiceProcess[] = []
  const met: ServiceProcess[] = []
  let witness: ServiceProcess | undefined
  for (const name of ['gateway', 'worker', 'sender'] as const) {
    const other = await stack.start(name)
    if (name === 'gateway') gateways.push(other)
    if (name !== victim) continue
    witness = other
    met.push(...(await Promise.all(Array.from({ length: ARMED[name] }, () => startArmed(stack, name)))))
    if (name === 'gateway') gateways.push(...met)
  }
  await pointWebhook(stack, gateways, TOKENS)
  return {
    stack,
    slots: createSlots(stack, met),
    nextUser: 1_000_001,
    async passLeadership() {
      await witness?.stop()
      witness = await stack.start(victim)
    },
  }
}

/**
 * One round: each fault waits for a process of its own among talk until `enough` were met or `withinMs` are over, and
 * everyone is answered before the round ends, so that no chat meets the faults of two rounds. `faults`: no more than there
 * are slots. `withRests`: after each crowd nobody talks until pumps have nothing to do.
 */
export async function talkThroughFaults(
  at: FaultStack,
  faults: readonly Fault[],
  { enough = faults.length, withinMs = MET_WITHIN_MS, withRests = false } = {},
): Promise<Seen> {
  const { stack, slots } = at
  const countedBefore = await countedRepeats(stack, SHARDS)
  const done = new AbortController()
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(withinMs)])
  let hits = 0
  const onHit = () => {
    hits++
    if (hits >= enough) done.abort()
  }
  const allMet = Promise.all(faults.map((fault, slot) => slots.meet(slot, fault, { signal, onHit })))
  const crowds: Crowd[] = []
  const answered: Promise<void>[] = []
  for (let isOver = false; !isOver; ) {
    const crowd: Crowd = { ...WAVE, firstUser: at.nextUser, bots: BOTS }
    at.nextUser += WAVE.chats
    crowds.push(crowd)
    gatherCrowd(stack, crowd)
    isOver = await Promise.race([allMet.then(() => true), letCrowdTalk(stack, crowd).then(() => false)])
    answered.push(everyoneAnswered(stack, crowd, LOST_AFTER_MS))
    if (withRests && !isOver) await Promise.race([allMet, rested(answered)])
  }
  const met = await allMet
  // What is not answered by now is judged as lost.
  await Promise.allSettled(answered)
  const findings = crowds.map((crowd) => judgeCrowd(stack, crowd))
  return {
    hits,
    missed: faults.filter((_, slot) => !met[slot]),
    said: crowds.length * WAVE.chats * WAVE.messages,
    counted: (await countedRepeats(stack, SHARDS)) - countedBefore,
    lost: findings.flatMap(({ lost }) => lost),
    wrong: findings.flatMap(({ wrong }) => wrong),
    told: findings.flatMap(({ told }) => told),
    repeated: findings.reduce((sum, { repeated }) => sum + repeated, 0),
    begun: findings.reduce((sum, { begun }) => sum + begun, 0),
    slowestMs: Math.max(...findings.map(({ slowestMs }) => slowestMs)),
  }
}

/** Resolves once all are answered, and pumps have had nothing to do for long enough to be given up. */
async function rested(answered: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(answered)
  await new Promise((resolve) => setTimeout(resolve, REST_MS))
}
