/** The captcha's script: administrators set it up, newcomers prove to be human by a tap or a sum, one does not. */
import type { TelegramSimulator } from '@chatlane/simulators'
import { dataFolder, type Example, exampleFile } from './example.ts'
import { openStage, type Stage } from './stage.ts'

const ANNA = { id: 21, firstName: 'Anna' }
const BORIS = { id: 22, firstName: 'Boris' }
const CLARA = { id: 23, firstName: 'Clara' }
const DAN = { id: 24, firstName: 'Dan' }
const EVE = { id: 25, firstName: 'Eve' }
const GARDEN = -1_001_000_000_800
const here = { chat: GARDEN }

/** The captcha. */
export const captcha: Example = {
  file: exampleFile('captcha/bot.js'),
  environment: () => ({ CAPTCHA_DATA: dataFolder() }),
  run: runCaptchaScript,
}

/** Plays the script. Resolves with the transcript. */
export async function runCaptchaScript(telegram: TelegramSimulator): Promise<string> {
  const stage = openStage(telegram)
  for (const person of [ANNA, BORIS, CLARA, DAN, EVE]) telegram.phone.createUser(person)
  const members = [ANNA.id, BORIS.id]
  telegram.phone.createGroup({ id: GARDEN, title: 'Garden', members, botsAreAdmins: true })
  await setUp(stage)
  await tapIsAsked(stage)
  await sumIsAsked(stage)
  await timeRunsOut(stage)
  return stage.transcript()
}

async function setUp(stage: Stage): Promise<void> {
  stage.says(BORIS, '/settings', here)
  await stage.sees(GARDEN, 'Only administrators')
  stage.says(ANNA, '/settings', here)
  await stage.sees(GARDEN, 'Captcha: button')
  await stage.taps(BORIS, '🧮 Ask a sum', { ...here, told: 'Only administrators' })
  stage.says(ANNA, '/greeting Hello $name, mind the roses.', here)
  await stage.sees(GARDEN, 'Like this: Hello Anna')
}

async function tapIsAsked(stage: Stage): Promise<void> {
  stage.telegram.phone.joinGroup({ from: CLARA.id, chat: GARDEN })
  await stage.sees(GARDEN, 'Clara, tap the button')
  await stage.taps(BORIS, 'I am human', { ...here, told: 'This is not for you' })
  await stage.taps(CLARA, 'I am human', here)
  await stage.seesGone(GARDEN, 'Clara, tap the button')
  await stage.sees(GARDEN, 'Hello Clara')
  stage.says(CLARA, 'Hi everyone!', here)
}

async function sumIsAsked(stage: Stage): Promise<void> {
  await stage.taps(ANNA, '🧮 Ask a sum', here)
  await stage.sees(GARDEN, 'Captcha: sum')
  stage.telegram.phone.joinGroup({ from: DAN.id, chat: GARDEN })
  await stage.sees(GARDEN, 'Dan, how much is 7 + 3?')
  stage.says(DAN, 'Buy my coins!', here)
  await stage.seesGone(GARDEN, 'Buy my coins!')
  stage.says(DAN, '10', here)
  await stage.seesGone(GARDEN, 'Dan: 10')
  await stage.seesGone(GARDEN, 'Dan, how much')
  await stage.sees(GARDEN, 'Hello Dan')
}

async function timeRunsOut(stage: Stage): Promise<void> {
  stage.says(ANNA, '/seconds 0', here)
  await stage.sees(GARDEN, 'From 1 to 3600')
  stage.says(ANNA, '/seconds 1', here)
  await stage.sees(GARDEN, '1 s from now on')
  stage.telegram.phone.joinGroup({ from: EVE.id, chat: GARDEN })
  await stage.sees(GARDEN, 'Eve, how much')
  await stage.sees(GARDEN, '[left: Eve]')
  await stage.seesGone(GARDEN, 'Eve, how much')
}
