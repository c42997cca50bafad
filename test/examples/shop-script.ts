/** The shop's script: Anna orders tea, the boss has blocked the bot, the couriers send the parcel. */
import type { TelegramSimulator } from '@chatlane/simulators'
import { dataFolder, type Example, exampleFile } from './example.ts'
import { openStage, type Stage } from './stage.ts'

const ANNA = { id: 11, firstName: 'Anna' }
const BOSS = { id: 12, firstName: 'Boss' }
const BORIS = { id: 13, firstName: 'Boris' }
const COURIERS = -1_001_000_000_700

/** The shop. */
export const shop: Example = {
  file: exampleFile('shop/bot.js'),
  environment: () => ({
    SHOP_DATA: dataFolder(),
    SHOP_ADMIN: String(BOSS.id),
    SHOP_COURIERS: String(COURIERS),
    SHOP_PROVIDER_TOKEN: '284685063:TEST:example',
  }),
  run: runShopScript,
}

/** Plays the script. Resolves with the transcript. */
export async function runShopScript(telegram: TelegramSimulator): Promise<string> {
  const stage = openStage(telegram)
  for (const person of [ANNA, BOSS, BORIS]) telegram.phone.createUser(person)
  telegram.phone.createGroup({ id: COURIERS, title: 'Couriers', members: [BORIS.id] })
  telegram.phone.setBlocked({ from: BOSS.id, blocked: true })
  await looksAround(stage)
  await orders(stage)
  await paysAndGetsIt(stage)
  await endsTheDay(stage)
  return stage.transcript()
}

async function looksAround(stage: Stage): Promise<void> {
  stage.says(ANNA, '/start')
  await stage.sees(ANNA.id, 'Tea from seven gardens')
  await stage.taps(ANNA, '🛍 Catalogue')
  await stage.sees(ANNA.id, 'page 1 of 3')
  await stage.taps(ANNA, '▶️')
  await stage.sees(ANNA.id, 'page 2 of 3')
  await stage.taps(ANNA, '· 2 ·', { told: 'You are here' })
  await stage.taps(ANNA, '🍵 Pu-erh 2012', { told: 'is sold out' })
  await stage.taps(ANNA, '◀️')
  await stage.sees(ANNA.id, 'page 1 of 3')
}

async function orders(stage: Stage): Promise<void> {
  await stage.taps(ANNA, '🍵 Milk oolong')
  await stage.sees(ANNA.id, 'What is your name?')
  stage.sendsPhoto(ANNA, { bytes: 1000 })
  await stage.sees(ANNA.id, 'A name is text')
  stage.says(ANNA, 'Anne')
  await stage.sees(ANNA.id, 'Nice to meet you, Anne')
  stage.says(ANNA, 'here')
  await stage.sees(ANNA.id, 'too short')
  stage.says(ANNA, '12 Long Street, Paris')
  await stage.sees(ANNA.id, 'Is that right?')
  stage.says(ANNA, 'no')
  await stage.sees(ANNA.id, 'Please use the buttons')
  await stage.taps(ANNA, '✏️ Change')
  await stage.sees(ANNA.id, 'once more')
  await stage.sees(ANNA.id, 'What is your name?')
  stage.says(ANNA, 'Anna')
  await stage.sees(ANNA.id, 'Nice to meet you, Anna')
  stage.says(ANNA, '12 Long Street, Paris')
  await stage.sees(ANNA.id, 'Is that right?')
  await stage.taps(ANNA, '✅ Yes, order')
  await stage.sees(ANNA.id, 'Order #1')
  await stage.sees(ANNA.id, '[invoice Milk oolong')
}

async function paysAndGetsIt(stage: Stage): Promise<void> {
  await stage.pays(ANNA)
  await stage.sees(COURIERS, '📦 #1')
  await stage.sees(COURIERS, 'The boss has blocked me')
  await stage.sees(ANNA.id, 'is packed')
  await stage.pays(ANNA)
  stage.says(BORIS, '/orders', { chat: COURIERS })
  await stage.sees(COURIERS, '(paid)')
  await stage.taps(BORIS, '🚚 Sent', { chat: COURIERS })
  await stage.sees(COURIERS, 'sent by Boris')
  await stage.sees(ANNA.id, 'has left')
}

async function endsTheDay(stage: Stage): Promise<void> {
  await stage.asksInline(ANNA, 'black')
  await stage.asksInline(ANNA, 'coffee')
  stage.says(ANNA, '/catalogue')
  await stage.sees(ANNA.id, 'page 1 of 3')
  await stage.taps(ANNA, '🍵 Assam')
  await stage.sees(ANNA.id, 'What is your name?')
  stage.says(ANNA, '/cancel')
  await stage.sees(ANNA.id, 'Cancelled')
  stage.says(ANNA, '/orders')
  await stage.sees(ANNA.id, '(sent)')
}
