/** The quiz's script: a game of two who answer, and one that nobody answers in time. */
import type { TelegramSimulator } from '@chatlane/simulators'
import { dataFolder, type Example, exampleFile } from './example.ts'
import { openStage, type Stage } from './stage.ts'

const ANNA = { id: 31, firstName: 'Anna' }
const BORIS = { id: 32, firstName: 'Boris' }
const CLARA = { id: 33, firstName: 'Clara' }
const PUB = -1_001_000_000_900
const here = { chat: PUB }

/** The quiz. */
export const quiz: Example = {
  file: exampleFile('quiz/bot.js'),
  environment: () => ({ QUIZ_DATA: dataFolder() }),
  run: runQuizScript,
}

/** Plays the script. Resolves with the transcript. */
export async function runQuizScript(telegram: TelegramSimulator): Promise<string> {
  const stage = openStage(telegram)
  for (const person of [ANNA, BORIS, CLARA]) telegram.phone.createUser(person)
  const members = [ANNA.id, BORIS.id, CLARA.id]
  telegram.phone.createGroup({ id: PUB, title: 'Pub', members })
  await setUp(stage)
  await gather(stage)
  await play(stage)
  await timeRunsOut(stage)
  return stage.transcript()
}

async function setUp(stage: Stage): Promise<void> {
  stage.says(ANNA, '/seconds', here)
  await stage.sees(PUB, 'It is 20 now.')
  // Longer than any kill takes: the rounds of the first game end by answers.
  stage.says(ANNA, '/seconds 600', here)
  await stage.sees(PUB, '3 rounds of 600 s')
  stage.says(BORIS, '/rounds 2', here)
  await stage.sees(PUB, '2 rounds of 600 s')
}

async function gather(stage: Stage): Promise<void> {
  stage.says(BORIS, '/quiz', here)
  await stage.sees(PUB, 'nobody yet')
  stage.says(ANNA, '/quiz', here)
  await stage.sees(PUB, 'One quiz at a time.')
  await stage.taps(ANNA, '✋ Join', here)
  await stage.sees(PUB, 'Players: Anna')
  await stage.taps(BORIS, '✋ Join', here)
  await stage.sees(PUB, 'Players: Anna, Boris')
  await stage.taps(ANNA, '▶️ Start', { ...here, told: 'Boris starts it' })
  await stage.taps(BORIS, '▶️ Start', here)
}

async function play(stage: Stage): Promise<void> {
  await stage.sees(PUB, '1 of 2: Which sea has no coast?')
  await stage.taps(CLARA, 'Red Sea', { ...here, told: 'You have not joined' })
  await stage.taps(ANNA, 'Sargasso Sea', { ...here, told: 'Your answer: Sargasso Sea' })
  await stage.taps(ANNA, 'Coral Sea', { ...here, told: 'You have said Sargasso Sea' })
  await stage.taps(BORIS, 'Coral Sea', here)
  await stage.sees(PUB, '2 of 2: Who wrote “Solaris”?')
  await stage.taps(BORIS, 'Lem', here)
  await stage.taps(ANNA, 'Lem', here)
  await stage.sees(PUB, 'The quiz is over.')
  stage.says(CLARA, '/score', here)
  await stage.sees(PUB, '1. Anna: 2')
}

async function timeRunsOut(stage: Stage): Promise<void> {
  stage.says(CLARA, '/seconds 3', here)
  await stage.sees(PUB, '2 rounds of 3 s')
  stage.says(CLARA, '/quiz', here)
  await stage.sees(PUB, 'nobody yet')
  await stage.taps(CLARA, '✋ Join', here)
  await stage.sees(PUB, 'Players: Clara')
  await stage.taps(CLARA, '▶️ Start', here)
  await stage.sees(PUB, '1 of 2:')
  await stage.sees(PUB, 'The quiz is over.')
}
