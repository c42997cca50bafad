/** Invoices, and how people pay them. */
import { Telegraf } from 'telegraf'
import { expect, onTestFinished, test } from 'vitest'
import { call, startSimulator, TOKEN, updates } from './raw-client.ts'

const prices = [
  { label: 'Book', amount: 1000 },
  { label: 'Tax', amount: 70 },
]
const book = {
  title: 'Book',
  description: 'A good one',
  payload: 'book-1',
  currency: 'EUR',
  provider_token: 'p:1',
  prices,
}

test('an invoice that is paid: the bot is asked first, then told', async () => {
  const simulator = await startSimulator()
  const sent = await call(simulator, 'sendInvoice', { chat_id: 5, ...book })
  expect(sent.result.invoice).toEqual({
    title: 'Book',
    description: 'A good one',
    start_parameter: '',
    currency: 'EUR',
    total_amount: 1070,
  })
  const id = simulator.phone.pay({ from: 5, messageId: sent.result.message_id })
  const order = { currency: 'EUR', total_amount: 1070, invoice_payload: 'book-1' }
  expect(await updates(simulator)).toMatchObject([{ pre_checkout_query: { id, from: { id: 5 }, ...order } }])
  const answer = { pre_checkout_query_id: id, ok: true }
  expect((await call(simulator, 'answerPreCheckoutQuery', answer)).result).toBe(true)
  expect(await updates(simulator)).toMatchObject([
    {
      message: {
        from: { id: 5 },
        chat: { id: 5 },
        successful_payment: {
          ...order,
          telegram_payment_charge_id: expect.any(String),
          provider_payment_charge_id: expect.any(String),
        },
      },
    },
  ])
  expect((await call(simulator, 'answerPreCheckoutQuery', answer)).description).toMatch(/query is too old/)
})

test('a refused payment shows its reason, and no money goes', async () => {
  const simulator = await startSimulator()
  const { message_id } = (await call(simulator, 'sendInvoice', { chat_id: 5, ...book })).result
  const id = simulator.phone.pay({ from: 5, messageId: message_id })
  const refuse = (more: object) =>
    call(simulator, 'answerPreCheckoutQuery', { pre_checkout_query_id: id, ok: false, ...more })
  expect((await refuse({})).description).toBe('Bad Request: parameter "error_message" is required')
  expect((await refuse({ error_message: 'Sold out' })).result).toBe(true)
  expect(simulator.chat({ chat: 5 }).answers).toMatchObject([{ queryId: id, text: 'Sold out' }])
  expect(simulator.messages(5)).toHaveLength(1)
})

test('an invoice link in Stars is paid in the private chat, with a tip and what the person fills in', async () => {
  const simulator = await startSimulator()
  const stars = { ...book, currency: 'XTR', provider_token: '', prices: [{ label: 'Book', amount: 50 }] }
  const link = (await call(simulator, 'createInvoiceLink', stars)).result
  expect(link).toMatch(/^https:\/\/t\.me\/\$/)
  const orderInfo = { name: 'Ann' }
  const id = simulator.phone.pay({ from: 5, link, tipAmount: 5, orderInfo })
  await call(simulator, 'answerPreCheckoutQuery', { pre_checkout_query_id: id, ok: true })
  expect((await updates(simulator)).at(-1)).toMatchObject({
    message: {
      chat: { id: 5 },
      successful_payment: { currency: 'XTR', total_amount: 55, order_info: orderInfo },
    },
  })
})

test('an invoice that Telegram would not take is refused', async () => {
  const simulator = await startSimulator()
  const refusal = async (params: object) =>
    (await call(simulator, 'sendInvoice', { chat_id: 5, ...book, ...params })).description
  expect(await refusal({ title: undefined })).toBe('Bad Request: parameter "title" is required')
  expect(await refusal({ prices: undefined })).toBe('Bad Request: parameter "prices" is required')
  expect(await refusal({ prices: [] })).toBe('Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID')
  expect(await refusal({ provider_token: undefined })).toBe('Bad Request: PAYMENT_PROVIDER_INVALID')
  const late = [[{ text: 'a', callback_data: 'b' }], [{ text: 'Pay', pay: true }]]
  expect(await refusal({ reply_markup: { inline_keyboard: late } })).toBe('Bad Request: BUTTON_POS_INVALID')
})

test('only invoices are paid', async () => {
  const simulator = await startSimulator()
  const { message_id } = simulator.phone.sendText({ from: 5, text: 'no invoice' })
  expect(() => simulator.phone.pay({ from: 5, messageId: message_id })).toThrow(/no invoice/)
  expect(() => simulator.phone.pay({ from: 5, link: 'https://t.me/$none' })).toThrow(/no invoice/)
})

test('a telegraf shop sells', async () => {
  const simulator = await startSimulator()
  const bot = new Telegraf(TOKEN, { telegram: { apiRoot: simulator.url } })
  bot.command('buy', (ctx) => ctx.replyWithInvoice(book))
  bot.on('pre_checkout_query', (ctx) => ctx.answerPreCheckoutQuery(true))
  bot.on('successful_payment', (ctx) => ctx.reply(`Paid ${ctx.message.successful_payment.total_amount}`))
  const launched = bot.launch()
  onTestFinished(async () => {
    bot.stop()
    await launched
  })
  simulator.phone.sendText({ from: 5, text: '/buy' })
  const invoice = await simulator.waitUntil(() =>
    simulator.messages(5).find(({ message }) => message.invoice !== undefined),
  )
  simulator.phone.pay({ from: 5, messageId: invoice?.message.message_id })
  const last = await simulator.waitUntil(() =>
    simulator.messages(5).find(({ message }) => message.text?.startsWith('Paid')),
  )
  expect(last?.message.text).toBe('Paid 1070')
})
