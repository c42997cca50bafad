/** Round after round of people who talk while an installation is disturbed; each is judged when its last chat is answered. */
import { countedRepeats } from '../e2e/counted-repeats.ts'
import { type Crowd, everyoneAnswered, gatherCrowd, judgeCrowd, letCrowdTalk, textOf } from '../e2e/crowd.ts'
import { type Busy, disturb } from './disturb.ts'
import { ALL_WEATHER, drawRound, ROUND, type Round, type Weather } from './draw-round.ts'
import { BOTS, type Installation, SHARDS } from './installation.ts'
import { type RoundResult, roundLine, type Totals } from './ledger.ts'

/** Whoever takes over may be the next to die: answers may take minutes here. */
const LOST_AFTER_MS = 120_000
/** While the last chats of earlier rounds wait for a takeover, others talk already. */
const MOST_OPEN = 8
const ENOUGH_MET = 3
/** So many times as many rounds as are asked for are played at most. */
const MOST_PLAYED = 2
const FIRST_USER = 2_000_001

/** How long, and from which seed: the first round's; the others follow. */
export interface Run {
  /** Rounds in which at least three disturbances met work. One that met less is played, judged, and another follows. */
  rounds: number
  seed: number
  /** Default: everything happens. */
  weather?: Weather
  /** A message that has no whole answer after this time, in ms, is lost. Default: 2 minutes. */
  lostAfterMs?: number
  /** Told a line per round. */
  tell(line: string): void
}

/** What was found: `broken` names every promise that was not kept. The run ends with the first round that has one. */
export interface RunResult {
  rounds: RoundResult[]
  broken: string[]
  totals: Totals
}

/** Runs the rounds. */
export async function runRounds(
  at: Installation,
  { rounds, seed, weather = ALL_WEATHER, lostAfterMs = LOST_AFTER_MS, tell }: Run,
): Promise<RunResult> {
  const results: RoundResult[] = []
  const broken: string[] = []
  const busy: Busy = new Set()
  const open = new Set<Promise<void>>()
  const disturbances: Promise<unknown>[] = []
  const calm = () => results.filter(isCalm).length
  for (let nth = 0; broken.length === 0 && nth < MOST_PLAYED * rounds; nth++) {
    // Whether the last ones were calm is known when they are over.
    while (nth >= rounds + calm() && open.size > 0 && broken.length === 0) await Promise.race(open)
    if (nth >= rounds + calm() || broken.length > 0) break
    const round = drawRound(seed + nth, FIRST_USER + nth * ROUND.chats, weather)
    const { talk, disturbed, end } = playRound(at, round, { busy, lostAfterMs })
    disturbances.push(disturbed)
    const ended: Promise<void> = end.then(async (result) => {
      open.delete(ended)
      results.push(result)
      tell(roundLine(result))
      broken.push(...brokenBy(result), ...beyondBudgets(at), ...(await uncounted(at, results)))
    })
    // A run that breaks off is told by the first that does.
    ended.catch(() => undefined)
    open.add(ended)
    await talk
    if (open.size >= MOST_OPEN) await Promise.race(open)
  }
  // Where a promise is broken, the other rounds are not waited for; what happens to processes must end all the same.
  while (open.size > 0 && broken.length === 0) await Promise.race(open)
  await Promise.all(disturbances)
  // Once more: what comes twice may come long after the first.
  for (const result of results) result.findings = judgeCrowd(at.stack, crowdOf(result.seed - seed))
  broken.push(...(await uncounted(at, results)))
  return { rounds: results, broken, totals: await sumUp(at, results) }
}

function crowdOf(nth: number): Crowd {
  return { ...ROUND, firstUser: FIRST_USER + nth * ROUND.chats, bots: BOTS }
}

/** `talk` resolves when all is said, `disturbed` when all disturbances are over, `end` with what became of it. */
function playRound(
  at: Installation,
  round: Round,
  { busy, lostAfterMs }: { busy: Busy; lostAfterMs: number },
): { talk: Promise<void>; disturbed: Promise<unknown>; end: Promise<RoundResult> } {
  const { stack } = at
  const crowd: Crowd = { ...ROUND, firstUser: round.firstUser, bots: BOTS }
  gatherCrowd(stack, crowd)
  const talk = letCrowdTalk(stack, crowd)
  const done = round.planned.map(async (planned) => {
    // When something happens is a part of it.
    await new Promise((resolve) => setTimeout(resolve, planned.atMs))
    return disturb(at, planned, busy)
  })
  const allDone = Promise.all(done)
  const end = async (): Promise<RoundResult> => {
    const [disturbances] = await Promise.all([allDone, talk])
    // What is not answered by then is judged as lost.
    await everyoneAnswered(stack, crowd, lostAfterMs).catch(() => undefined)
    return {
      seed: round.seed,
      said: ROUND.chats * ROUND.messages,
      findings: judgeCrowd(stack, crowd),
      disturbances: disturbances.map(({ planned, met }) => ({ planned, met: met() })),
    }
  }
  return { talk, disturbed: allDone, end: end() }
}

/** Fewer than three disturbances met work: the others found nobody busy. */
function isCalm({ disturbances }: RoundResult): boolean {
  return disturbances.filter(({ met }) => met > 0).length < ENOUGH_MET
}

/** The promises that a round shows to be broken. */
function brokenBy({ seed, findings, disturbances }: RoundResult): string[] {
  const { lost, wrong, told } = findings
  const meant = new Set(
    disturbances.flatMap(({ planned }) =>
      planned.kind === 'model' ? planned.messages.map(({ user, n }) => textOf(user, n)) : [],
    ),
  )
  const untold = told.filter((message) => !meant.has(message))
  return [
    ...lost.map((message) => `seed ${seed}: lost: ${message}`),
    ...wrong.map((message) => `seed ${seed}: ${message}`),
    ...untold.map((message) => `seed ${seed}: told that it can't be answered, although it could: ${message}`),
  ]
}

/** What came twice and was not counted, in all rounds so far: what was counted may have been lost on its way. */
async function uncounted({ stack }: Installation, results: readonly RoundResult[]): Promise<string[]> {
  const counted = await countedRepeats(stack, SHARDS)
  const twice = results.reduce((sum, { findings }) => sum + findings.repeated + findings.begun, 0)
  return twice > counted ? [`${twice} came twice, of which ${counted} are counted`] : []
}

/** The calls that no budget had room for. */
function beyondBudgets({ stack }: Installation): string[] {
  return stack.telegram
    .ledger()
    .bots.flatMap(({ username, excesses }) =>
      excesses.map(
        ({ kind, method, earlyMs }) =>
          `${username}: ${method} beyond the budget: ${kind}, ${earlyMs} ms early`,
      ),
    )
}

async function sumUp({ stack }: Installation, results: readonly RoundResult[]): Promise<Totals> {
  const { bots } = stack.telegram.ledger()
  const refused: Record<string, number> = {}
  for (const { refusals } of bots) {
    for (const [code, count] of Object.entries(refusals)) refused[code] = (refused[code] ?? 0) + count
  }
  const sum = (of: (result: RoundResult) => number) => results.reduce((total, each) => total + of(each), 0)
  return {
    rounds: results.length,
    calm: results.filter(isCalm).length,
    said: sum(({ said }) => said),
    told: sum(({ findings }) => findings.told.length),
    twice: sum(({ findings }) => findings.repeated + findings.begun),
    counted: await countedRepeats(stack, SHARDS),
    met: sum(({ disturbances }) => disturbances.filter(({ met }) => met > 0).length),
    deliveredAgain: bots.reduce((total, { updates }) => total + updates.duplicates, 0),
    refused,
    slowestMs: Math.max(0, ...results.map(({ findings }) => findings.slowestMs)),
  }
}
