// A tea shop: a catalogue, orders by a wizard, card payments, and a group of couriers who send the parcels.
import fs from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Composer, Markup, Scenes, session, Telegraf } from 'telegraf'
import { message } from 'telegraf/filters'

const TOKEN = process.env.BOT_TOKEN ?? process.env.TELEGRAM_BOT_TOKEN
const DATA = process.env.SHOP_DATA ?? './data'
const ADMIN = Number(process.env.SHOP_ADMIN ?? 0)
const COURIERS = Number(process.env.SHOP_COURIERS ?? 0)
const PROVIDER_TOKEN = process.env.SHOP_PROVIDER_TOKEN ?? ''
const STOREFRONT = path.join(import.meta.dirname, 'storefront.png')
const PAGE = 3

const TEAS = [
  { id: 'sencha', title: 'Sencha', about: 'Green, steamed, from Shizuoka', cents: 1250 },
  { id: 'assam', title: 'Assam', about: 'Black, malty, good with milk', cents: 890 },
  { id: 'oolong', title: 'Milk oolong', about: 'Half-oxidised, creamy', cents: 1490 },
  { id: 'puerh', title: 'Pu-erh 2012', about: 'Aged ten years and more', cents: 3900, isSoldOut: true },
  { id: 'rooibos', title: 'Rooibos', about: 'Red, without caffeine', cents: 650 },
  { id: 'earl', title: 'Earl Grey', about: 'Black, with bergamot', cents: 990 },
  { id: 'white', title: 'White peony', about: 'The lightest that we have', cents: 1990 },
]

// --- orders ---------------------------------------------------------------------------------------------------------

fs.mkdirSync(DATA, { recursive: true })
const db = new DatabaseSync(path.join(DATA, 'shop.db'), { timeout: 10_000 })
db.exec(`
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    summary_id INTEGER NOT NULL,      -- the message under which it was confirmed: two taps are one order
    tea TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'unpaid',
    status_id INTEGER,                -- the customer's message that tells how far it is
    UNIQUE (user_id, summary_id)
  );
`)

const insertOrder = db.prepare(`
  INSERT INTO orders (user_id, summary_id, tea, name, address) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (user_id, summary_id) DO UPDATE SET address = excluded.address
  RETURNING *`)
const findOrder = db.prepare('SELECT * FROM orders WHERE id = ?')
const ordersOf = db.prepare('SELECT * FROM orders WHERE user_id = ? ORDER BY id')
const ordersIn = db.prepare('SELECT * FROM orders WHERE state = ? ORDER BY id')
const setState = db.prepare('UPDATE orders SET state = ? WHERE id = ?')
const setStatusId = db.prepare('UPDATE orders SET status_id = ? WHERE id = ?')

const teaOf = (id) => TEAS.find((tea) => tea.id === id)
const euros = (cents) => `€${(cents / 100).toFixed(2)}`
const line = (order) => `#${order.id} ${teaOf(order.tea).title} (${order.state})`

// --- the catalogue --------------------------------------------------------------------------------------------------

const bot = new Telegraf(TOKEN, { telegram: { apiRoot: process.env.TELEGRAM_API_ROOT } })

function cataloguePage(number) {
  const pages = Math.ceil(TEAS.length / PAGE)
  const teas = TEAS.slice((number - 1) * PAGE, number * PAGE)
  const text = [
    `<b>Our teas</b>, page ${number} of ${pages}`,
    ...teas.map((tea) => `<b>${tea.title}</b>, ${euros(tea.cents)}\n${tea.about}`),
  ].join('\n\n')
  const buttons = teas.map((tea) => [Markup.button.callback(`🍵 ${tea.title}`, `tea:${tea.id}`)])
  const row = [
    Markup.button.callback('◀️', `page:${number - 1}`, number === 1),
    Markup.button.callback(`· ${number} ·`, `page:${number}`),
    Markup.button.callback('▶️', `page:${number + 1}`, number === pages),
  ]
  return [text, { parse_mode: 'HTML', ...Markup.inlineKeyboard([...buttons, row]) }]
}

// --- the order ------------------------------------------------------------------------------------------------------

const confirmation = new Composer()

confirmation.action('confirm', async (ctx) => {
  const { tea: id, name, address } = ctx.wizard.state
  const tea = teaOf(id)
  const order = insertOrder.get(ctx.from.id, ctx.callbackQuery.message.message_id, id, name, address)
  await ctx.answerCbQuery('Thank you!')
  await ctx.editMessageText(`🧾 Order #${order.id}: ${tea.title} for ${name}, ${address}`)
  await ctx.replyWithInvoice({
    title: tea.title,
    description: `100 g. ${tea.about}.`,
    payload: `order:${order.id}`,
    provider_token: PROVIDER_TOKEN,
    currency: 'EUR',
    prices: [
      { label: tea.title, amount: tea.cents },
      { label: 'Parcel', amount: 490 },
    ],
  })
  return ctx.scene.leave()
})

confirmation.action('change', async (ctx) => {
  await ctx.answerCbQuery()
  await ctx.editMessageText('✏️ All right, once more.')
  return ctx.scene.reenter()
})

confirmation.use((ctx) => ctx.reply('Please use the buttons, or /cancel.'))

const orderScene = new Scenes.WizardScene(
  'order',
  async (ctx) => {
    await ctx.reply(`${teaOf(ctx.scene.state.tea).title}, a good choice. What is your name?`)
    return ctx.wizard.next()
  },
  async (ctx) => {
    const name = ctx.message?.text?.trim()
    if (!name) return ctx.reply('A name is text. What is yours?')
    ctx.wizard.state.name = name
    await ctx.reply(`Nice to meet you, ${name}. Where shall we send it?`)
    return ctx.wizard.next()
  },
  async (ctx) => {
    const address = ctx.message?.text?.trim() ?? ''
    if (address.length < 10) return ctx.reply('That is too short for an address. Street, number, city?')
    ctx.wizard.state.address = address
    const { tea, name } = ctx.wizard.state
    const keyboard = Markup.inlineKeyboard([
      Markup.button.callback('✅ Yes, order', 'confirm'),
      Markup.button.callback('✏️ Change', 'change'),
    ])
    await ctx.reply(`${teaOf(tea).title}, 100 g\nFor: ${name}\nTo: ${address}\n\nIs that right?`, keyboard)
    return ctx.wizard.next()
  },
  confirmation,
)

orderScene.command('cancel', async (ctx) => {
  await ctx.scene.leave()
  await ctx.reply('Cancelled. The /catalogue is still there.')
})

bot.use(session())
bot.use(new Scenes.Stage([orderScene]).middleware())

bot.start(async (ctx) => {
  const caption = `Hello ${ctx.from.first_name}! Tea from seven gardens, sent the same day.`
  const keyboard = Markup.inlineKeyboard([Markup.button.callback('🛍 Catalogue', 'catalogue')])
  await ctx.replyWithPhoto({ source: fs.createReadStream(STOREFRONT) }, { caption, ...keyboard })
})

bot.command('catalogue', (ctx) => ctx.reply(...cataloguePage(1)))

bot.action('catalogue', async (ctx) => {
  await ctx.answerCbQuery()
  await ctx.reply(...cataloguePage(1))
})

bot.action(/^page:(\d+)$/, async (ctx) => {
  await ctx.editMessageText(...cataloguePage(Number(ctx.match[1])))
  await ctx.answerCbQuery()
})

bot.action(/^tea:(\w+)$/, async (ctx) => {
  const tea = teaOf(ctx.match[1])
  if (!tea || tea.isSoldOut) {
    const text = `${tea?.title ?? 'This tea'} is sold out. We expect more in spring.`
    return ctx.answerCbQuery(text, { show_alert: true })
  }
  await ctx.answerCbQuery()
  return ctx.scene.enter('order', { tea: tea.id })
})

bot.command('orders', async (ctx) => {
  const orders = ctx.chat.id === COURIERS ? ordersIn.all('paid') : ordersOf.all(ctx.from.id)
  await ctx.reply(orders.length === 0 ? 'No orders.' : orders.map(line).join('\n'))
})

// --- the payment ----------------------------------------------------------------------------------------------------

bot.on('pre_checkout_query', async (ctx) => {
  const order = findOrder.get(Number(ctx.preCheckoutQuery.invoice_payload.split(':')[1]))
  if (order?.state !== 'unpaid') return ctx.answerPreCheckoutQuery(false, 'This order is paid already.')
  await ctx.answerPreCheckoutQuery(true)
})

bot.on(message('successful_payment'), async (ctx) => {
  const { invoice_payload: payload, total_amount: cents } = ctx.message.successful_payment
  const order = findOrder.get(Number(payload.split(':')[1]))
  const status = await ctx.reply('⏳ Thank you! We are packing your parcel…')
  setStatusId.run(status.message_id, order.id)
  setState.run('paid', order.id)
  const parcel = `#${order.id}: ${teaOf(order.tea).title} for ${order.name}, ${order.address}`
  const keyboard = Markup.inlineKeyboard([Markup.button.callback('🚚 Sent', `sent:${order.id}`)])
  await ctx.telegram.sendMessage(COURIERS, `📦 ${parcel}`, keyboard)
  await notifyAdmin(`💶 ${euros(cents)} for ${parcel}`)
  const done = `✅ Order #${order.id} is packed. We tell you here when it leaves.`
  await ctx.telegram.editMessageText(ctx.chat.id, status.message_id, undefined, done)
})

async function notifyAdmin(text) {
  try {
    await bot.telegram.sendMessage(ADMIN, text)
  } catch (e) {
    if (e.code !== 403) throw e
    await bot.telegram.sendMessage(COURIERS, '⚠️ The boss has blocked me. Please tell them of this order.')
  }
}

bot.action(/^sent:(\d+)$/, async (ctx) => {
  const order = findOrder.get(Number(ctx.match[1]))
  setState.run('sent', order.id)
  await ctx.answerCbQuery(`#${order.id} is on its way`)
  await ctx.editMessageText(`🚚 #${order.id}: sent by ${ctx.from.first_name}`)
  await ctx.telegram.editMessageText(
    order.user_id,
    order.status_id,
    undefined,
    `🚚 Order #${order.id} has left.`,
  )
})

// --- the rest -------------------------------------------------------------------------------------------------------

bot.on('inline_query', async (ctx) => {
  const wanted = ctx.inlineQuery.query.trim().toLowerCase()
  const teas = TEAS.filter((tea) => `${tea.title} ${tea.about}`.toLowerCase().includes(wanted))
  const results = teas.map((tea) => ({
    type: 'article',
    id: tea.id,
    title: `${tea.title}, ${euros(tea.cents)}`,
    description: tea.about,
    input_message_content: { message_text: `🍵 ${tea.title}: ${tea.about}. ${euros(tea.cents)} for 100 g.` },
  }))
  await ctx.answerInlineQuery(results, { cache_time: 60 })
})

bot.catch(async (error, ctx) => {
  // Somebody tapped the page that is shown.
  if (error.description?.includes('message is not modified')) return ctx.answerCbQuery('You are here')
  console.error(`${ctx.updateType} failed`, error)
  if (ctx.chat) await ctx.reply('😕 Something went wrong. Please try again.')
})

bot.launch()
process.once('SIGINT', () => bot.stop('SIGINT'))
process.once('SIGTERM', () => bot.stop('SIGTERM'))

export default bot
