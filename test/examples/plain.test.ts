import { expect, test } from 'vitest'
import { captcha } from './captcha-script.ts'
import type { Example } from './example.ts'
import { playPlain } from './plain-bot.ts'
import { quiz } from './quiz-script.ts'
import { shop } from './shop-script.ts'
import { supportRelay } from './support-relay-script.ts'
import { withoutNotices } from './transcript.ts'

/** Plays it and gives the lines of each chat. */
async function play(example: Example): Promise<Record<string, string[]>> {
  const chats = (await playPlain(example)).split('\n\n').map((chat) => chat.split('\n'))
  return Object.fromEntries(chats.map(([name = '', ...lines]) => [name.replace('== ', ''), lines]))
}

test('the shop takes an order by buttons and a wizard, is paid, and tells everyone how far it is', async () => {
  const { Anna: anna = [], Couriers: couriers, ...others } = await play(shop)
  expect(others).toEqual({})
  expect(anna.slice(0, 3)).toEqual([
    'Anna: /start',
    'bot: [photo, 671 bytes] Hello Anna! Tea from seven gardens, sent the same day. [🛍 Catalogue]',
    'Anna taps [🛍 Catalogue] → answered',
  ])
  expect(anna[3]).toMatch(
    /^bot: Our teas, page 1 of 3 .*‹bold, bold, bold, bold› \[🍵 Sencha\] .* \[· 1 ·\] \[▶️\] \(edited 2×\)$/,
  )
  expect(anna).toContain('Anna taps [· 2 ·] → notice “You are here”')
  expect(anna).toContain(
    'Anna taps [🍵 Pu-erh 2012] → alert “Pu-erh 2012 is sold out. We expect more in spring.”',
  )
  expect(anna.slice(anna.indexOf('Anna: no'), anna.indexOf('Anna: /catalogue'))).toEqual([
    'Anna: no',
    'bot: Please use the buttons, or /cancel.',
    'Anna taps [✏️ Change] → answered',
    'bot: Milk oolong, a good choice. What is your name?',
    'Anna: Anna',
    'bot: Nice to meet you, Anna. Where shall we send it?',
    'Anna: 12 Long Street, Paris',
    'bot: 🧾 Order #1: Milk oolong for Anna, 12 Long Street, Paris (edited 1×)',
    'Anna taps [✅ Yes, order] → notice “Thank you!”',
    'bot: [invoice Milk oolong, 1980 EUR]',
    'Anna pays 1980 EUR → ok',
    'Anna: [paid 1980 EUR]',
    'bot: 🚚 Order #1 has left. (edited 2×)',
    'Anna pays 1980 EUR → refused “This order is paid already.”',
    'Anna asks inline “black” → Assam, €8.90 | Earl Grey, €9.90',
    'Anna asks inline “coffee” → nothing',
  ])
  expect(couriers).toEqual([
    'bot: 🚚 #1: sent by Boris (edited 1×)',
    'bot: ⚠️ The boss has blocked me. Please tell them of this order.',
    'Boris: /orders',
    'bot: #1 Milk oolong (paid)',
    'Boris taps [🚚 Sent] → notice “#1 is on its way”',
  ])
})

test('the captcha lets in who taps or adds up, and removes who does neither in time', async () => {
  const { Garden: garden = [] } = await play(captcha)
  expect(garden).toContain('Boris taps [🧮 Ask a sum] → alert “Only administrators may do that.”')
  expect(garden.slice(garden.indexOf('Clara: [joined: Clara]'))).toEqual([
    'Clara: [joined: Clara]',
    'bot ↩ “[joined: Clara]”: Clara, tap the button within 120 s. [I am human] (deleted by the bot)',
    'Boris taps [I am human] → alert “This is not for you.”',
    'Clara taps [I am human] → notice “Thank you”',
    'bot: Hello Clara, mind the roses.',
    'Clara: Hi everyone!',
    'Anna taps [🧮 Ask a sum] → notice “Saved”',
    'Dan: [joined: Dan]',
    'bot ↩ “[joined: Dan]”: Dan, how much is 7 + 3? You have 120 s. (deleted by the bot)',
    'Dan: Buy my coins! (deleted by the bot)',
    'Dan: 10 (deleted by the bot)',
    'bot: Hello Dan, mind the roses.',
    'Anna: /seconds 0',
    'bot: From 1 to 3600, please: /seconds 60',
    'Anna: /seconds 1',
    'bot: ⏱ 1 s from now on.',
    'Eve: [joined: Eve]',
    'bot ↩ “[joined: Eve]”: Eve, how much is 8 + 3? You have 1 s. (deleted by the bot)',
    'bot: [left: Eve]',
  ])
})

test('the quiz ends its rounds by answers or by time, and keeps the score of the group', async () => {
  const { Pub: pub = [] } = await play(quiz)
  expect(pub).toContain('bot: 🏁 The quiz is over. /  / 1. Anna: 2 / 2. Boris: 1 (edited 5×)')
  expect(pub).toContain('Anna taps [Coral Sea] → notice “You have said Sargasso Sea.”')
  expect(pub.slice(pub.indexOf('Clara: /score'))).toEqual([
    'Clara: /score',
    'bot: 1. Anna: 2 / 2. Boris: 1',
    'Clara: /seconds 3',
    'bot: All right: 2 rounds of 3 s.',
    'Clara: /quiz',
    'bot: 🏁 The quiz is over. /  / Nobody has played. (edited 3×)',
    'Clara taps [✋ Join] → notice “You are in”',
    'Clara taps [▶️ Start] → answered',
  ])
})

test('the help desk carries messages, replies and edits both ways, until it is closed or blocked', async () => {
  const { Anna: anna, Boris: boris, 'Help desk': desk = [] } = await play(supportRelay)
  expect(anna).toContain('bot ↩ “My parcel is late”: Which number does it have? (edited 1×)')
  expect(anna).toContain('bot: We have closed your request. Write to open a new one.')
  expect(boris?.at(-1)).toBe('Boris: HELLO???')
  expect(desk).toContain('bot ↩ “🎫 Boris asks for help”: [photo, 4321 bytes] It came broken')
  expect(desk).toContain('Olga ↩ “My parcel is late”: Which number does it have? {👌} (edited 1×)')
  expect(desk).toContain('bot ↩ “Which number has it?”: Number 71, sorry (edited 1×)')
  expect(desk).toContain('bot ↩ “We send a new one”: 🚫 They have blocked the bot; the ticket is closed.')
  expect(desk.join()).not.toContain('HELLO???')
  expect(desk.at(-1)).toBe('bot: 🎫 Anna')
})

test('a transcript without notices keeps taps, payments and what is written', () => {
  const lines = ['Anna taps [Buy] → notice “Thanks”', 'Anna pays 5 EUR → refused “No.”', 'bot: a [Buy] → b']
  expect(withoutNotices(lines.join('\n')).split('\n')).toEqual([
    'Anna taps [Buy] → answered',
    ...lines.slice(1),
  ])
})
