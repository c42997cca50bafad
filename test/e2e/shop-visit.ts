/** A visit to the shop of `examples/shop`, whoever runs it, and what everyone saw of it. */
import type { TelegramSimulator } from '@chatlane/simulators'

/** The people of the visit. */
export const ANNA = 11
/** The boss, who has blocked the bot. */
export const BOSS = 12
/** A courier. */
export const BORIS = 13
/** The couriers' group. */
export const COURIERS = -700

/** Makes the people; before the bot starts. */
export function gatherVisitors({ phone }: TelegramSimulator): void {
  phone.createUser({ id: ANNA, firstName: 'Anna' })
  phone.createUser({ id: BOSS, firstName: 'Boss' })
  phone.createUser({ id: BORIS, firstName: 'Boris' })
  phone.createGroup({ id: COURIERS, title: 'Couriers', members: [BORIS] })
  phone.setBlocked({ from: BOSS, blocked: true })
}

/**
 * Visits the shop step by step, each when the one before has been answered. `inThirdStep` is called when the wizard has
 * asked for the address and before it is given. Resolves with the transcript.
 */
export async function visitShop(telegram: TelegramSimulator, inThirdStep = async () => {}): Promise<string> {
  const { phone } = telegram
  const seen = (chat: number, part: string) => waitFor(telegram, part, () => linesOf(telegram, chat))
  const tap = (data: string, { from = ANNA, chat = ANNA } = {}) => {
    const found = telegram
      .messages(chat)
      .findLast(({ message }) => JSON.stringify(message).includes(`"${data}"`))
    if (!found) throw new Error(`nothing to tap: ${data}`)
    phone.pressButton({ from, chat, messageId: found.message.message_id, data })
  }
  const say = (text: string) => phone.sendText({ from: ANNA, text })

  say('/start')
  await seen(ANNA, 'Tea from seven gardens')
  tap('catalogue')
  await seen(ANNA, 'page 1 of 3')
  tap('page:2')
  await seen(ANNA, 'page 2 of 3')
  // The page that is shown: Telegram refuses the edit, and bot.catch says so.
  tap('page:2')
  await answered(telegram, 'You are here')
  tap('tea:puerh')
  await answered(telegram, 'sold out')
  tap('page:1')
  await seen(ANNA, 'page 1 of 3')
  tap('tea:sencha')
  await seen(ANNA, 'What is your name?')
  say('Anna')
  await seen(ANNA, 'Where shall we send it?')
  say('here')
  await seen(ANNA, 'too short')
  await inThirdStep()
  say('12 Long Street, Paris')
  await seen(ANNA, 'Is that right?')
  tap('confirm')
  await seen(ANNA, '[invoice Sencha')
  const invoice = telegram.messages(ANNA).find(({ message }) => message.invoice !== undefined)
  phone.pay({ from: ANNA, messageId: invoice?.message.message_id ?? 0 })
  await seen(ANNA, 'is packed')
  await seen(COURIERS, 'The boss has blocked me')
  tap('sent:1', { from: BORIS, chat: COURIERS })
  await seen(ANNA, 'has left')
  await seen(COURIERS, 'sent by Boris')
  phone.askInline({ from: ANNA, query: 'green' })
  await telegram.waitUntil(() => telegram.chat({ chat: ANNA }).inlineAnswers.length > 0, 60_000)
  say('/orders')
  await seen(ANNA, '(sent)')
  return transcript(telegram)
}

function answered(telegram: TelegramSimulator, part: string): Promise<void> {
  return waitFor(telegram, part, () => telegram.chat({ chat: ANNA }).answers.map(({ text }) => text ?? ''))
}

/** Waits for a line with `part`; rejects with all that anyone sees. */
async function waitFor(telegram: TelegramSimulator, part: string, lines: () => string[]): Promise<void> {
  const isThere = () => lines().some((line) => line.includes(part))
  await telegram.waitUntil(isThere, 40_000).catch(() => {
    throw new Error(`nobody saw "${part}":\n${transcript(telegram)}`)
  })
}

/** What everyone sees in the end, without ids and dates. */
function transcript(telegram: TelegramSimulator): string {
  const chats = [ANNA, COURIERS].map((chat) => [`== ${chat}`, ...linesOf(telegram, chat)].join('\n'))
  const { answers, inlineAnswers } = telegram.chat({ chat: ANNA })
  const told = answers.map(({ text, showAlert }) => `${showAlert ? 'alert' : 'notice'}: ${text ?? ''}`)
  const offered = inlineAnswers.map(({ query, results }) => `inline ${query}: ${JSON.stringify(results)}`)
  return [...chats, '== told', ...told, ...offered].join('\n')
}

function linesOf(telegram: TelegramSimulator, chat: number): string[] {
  return telegram.messages(chat).map(({ by, message }) => {
    const { text, caption, photo, invoice, entities, reply_markup: markup } = message
    const buttons = (markup as { inline_keyboard?: { text: string }[][] } | undefined)?.inline_keyboard
    return [
      `${by}:`,
      photo !== undefined && '[photo]',
      invoice !== undefined && `[invoice ${(invoice as { title: string }).title}]`,
      message.successful_payment !== undefined && '[paid]',
      (text ?? caption ?? '').replaceAll('\n', ' / '),
      entities?.map(({ type }) => type).join(','),
      buttons?.map((row) => row.map((button) => `(${button.text})`).join('')).join(' '),
    ]
      .filter(Boolean)
      .join(' ')
  })
}
