/** The help desk's script: two people ask, operators answer, edit, close and block; one person blocks the bot. */
import type { TelegramSimulator } from '@chatlane/simulators'
import { dataFolder, type Example, exampleFile } from './example.ts'
import { openStage, type Stage } from './stage.ts'

const ANNA = { id: 41, firstName: 'Anna' }
const BORIS = { id: 42, firstName: 'Boris' }
const OLGA = { id: 43, firstName: 'Olga' }
const DESK = -1_001_000_001_000
const desk = { chat: DESK }

/** The help desk. */
export const supportRelay: Example = {
  file: exampleFile('support-relay/bot.ts'),
  environment: () => ({ RELAY_DATA: dataFolder(), RELAY_OPERATORS: String(DESK) }),
  run: runSupportRelayScript,
}

/** Plays the script. Resolves with the transcript. */
export async function runSupportRelayScript(telegram: TelegramSimulator): Promise<string> {
  const stage = openStage(telegram)
  for (const person of [ANNA, BORIS, OLGA]) telegram.phone.createUser(person)
  telegram.phone.createGroup({ id: DESK, title: 'Help desk', members: [OLGA.id] })
  await ask(stage)
  await answer(stage)
  await correct(stage)
  await losesOne(stage)
  await close(stage)
  return stage.transcript()
}

async function ask(stage: Stage): Promise<void> {
  stage.says(ANNA, '/start')
  await stage.sees(ANNA.id, 'Hello Anna')
  stage.says(ANNA, 'My parcel is late')
  await stage.sees(ANNA.id, 'Thank you.')
  await stage.sees(DESK, '🎫 Anna')
  await stage.sees(DESK, 'My parcel is late')
  stage.sendsPhoto(BORIS, { bytes: 4321, caption: 'It came broken' })
  await stage.sees(BORIS.id, 'Thank you.')
  await stage.sees(DESK, '🎫 Boris')
  await stage.sees(DESK, 'It came broken')
}

async function answer(stage: Stage): Promise<void> {
  stage.says(OLGA, 'Which number has it?', { ...desk, replyTo: 'My parcel is late' })
  await stage.sees(ANNA.id, 'Which number has it?')
  await stage.seesReaction(DESK, 'Which number has it?')
  stage.says(ANNA, 'Number 17', { replyTo: 'Which number has it?' })
  await stage.sees(DESK, 'Number 17')
  stage.says(OLGA, 'Lunch, anyone?', desk)
}

async function correct(stage: Stage): Promise<void> {
  stage.edits(ANNA, { from: 'Number 17', to: 'Number 71, sorry' })
  await stage.sees(DESK, 'Number 71, sorry')
  stage.edits(OLGA, { ...desk, from: 'Which number', to: 'Which number does it have?' })
  await stage.sees(ANNA.id, 'Which number does it have?')
  stage.says(OLGA, '/open', desk)
  await stage.sees(DESK, '🎫 Anna / 🎫 Boris')
}

async function losesOne(stage: Stage): Promise<void> {
  const { phone } = stage.telegram
  phone.setBlocked({ from: BORIS.id, blocked: true })
  stage.says(OLGA, 'We send a new one', { ...desk, replyTo: 'It came broken' })
  await stage.sees(DESK, 'They have blocked the bot')
  phone.setBlocked({ from: BORIS.id, blocked: false })
  stage.says(BORIS, 'Hello?')
  await stage.sees(BORIS.id, 'Thank you.')
  await stage.sees(DESK, '🎫 Boris')
  await stage.sees(DESK, 'Hello?')
  await stage.taps(OLGA, '⛔️ Block', { ...desk, under: '🎫 Boris' })
  await stage.sees(DESK, 'Boris: blocked by Olga')
  stage.says(BORIS, 'HELLO???')
}

async function close(stage: Stage): Promise<void> {
  await stage.taps(OLGA, '✅ Close', { ...desk, under: '🎫 Anna' })
  await stage.sees(DESK, 'Anna: closed by Olga')
  await stage.sees(ANNA.id, 'We have closed your request')
  stage.says(ANNA, 'It is here, thanks')
  await stage.sees(ANNA.id, 'Thank you.')
  await stage.sees(DESK, 'It is here, thanks')
  stage.says(OLGA, '/open', desk)
  await stage.sees(DESK, '🎫 Anna')
}
