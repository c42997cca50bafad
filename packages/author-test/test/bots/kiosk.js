// A small bot of plain Telegraf that does what its tests ask for.
import { appendFile } from 'node:fs/promises'
import { Markup, session, Telegraf } from 'telegraf'
import { message } from 'telegraf/filters'

const bot = new Telegraf(process.env.TELEGRAM_BOT_TOKEN)
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

bot.use(session({ defaultSession: () => ({ papers: 0 }) }))
bot.start((ctx) => ctx.reply(ctx.from.language_code === 'ru' ? 'Добро пожаловать!' : 'Welcome!'))
bot.command('menu', (ctx) =>
  ctx.reply(
    'What may it be?',
    Markup.inlineKeyboard([
      [Markup.button.callback('A paper', 'paper'), Markup.button.callback('Nothing', 'nothing')],
      [Markup.button.url('Our site', 'https://example.com')],
    ]),
  ),
)
bot.action('paper', async (ctx) => {
  ctx.session.papers++
  await ctx.answerCbQuery('Sold!')
  await ctx.editMessageText(`Papers: ${ctx.session.papers}`)
})
bot.command('slow', async (ctx) => {
  const sent = await ctx.reply('⏳')
  await ctx.telegram.editMessageText(ctx.chat.id, sent.message_id, undefined, 'done')
})
bot.command('deliver', async (ctx) => {
  await appendFile(process.env.RUNS_FILE, 'run\n')
  await ctx.reply('on its way')
  // The worker is killed in here.
  await wait(Number(process.env.STEP_MS ?? 0))
  await ctx.reply('delivered')
})
bot.command('throw', () => {
  throw new Error('the kiosk is closed')
})
bot.command('env', (ctx) => ctx.reply(`${process.env.SHELF ?? 'no shelf'}`))
bot.command('picture', (ctx) => ctx.replyWithPhoto({ source: Buffer.from('a dot'), filename: 'dot.png' }))
bot.command('subscribe', (ctx) =>
  ctx.replyWithInvoice({
    title: 'A year of papers',
    description: 'Every morning',
    payload: ctx.payload,
    currency: 'XTR',
    provider_token: '',
    prices: [{ label: 'A year', amount: 100 }],
  }),
)
bot.on('pre_checkout_query', (ctx) =>
  ctx.preCheckoutQuery.invoice_payload === 'none'
    ? ctx.answerPreCheckoutQuery(false, 'There are no more')
    : ctx.answerPreCheckoutQuery(true),
)
bot.on(message('successful_payment'), (ctx) =>
  ctx.reply(`Paid: ${ctx.message.successful_payment.total_amount}`),
)
bot.on('inline_query', (ctx) =>
  ctx.answerInlineQuery([
    {
      type: 'article',
      id: 'today',
      title: `About ${ctx.inlineQuery.query}`,
      input_message_content: { message_text: `Read about ${ctx.inlineQuery.query}` },
    },
  ]),
)
bot.on(message('photo'), (ctx) => ctx.reply(`a photo: ${ctx.message.caption}`))
bot.on(message('reply_to_message'), (ctx) =>
  ctx.reply(`re ${ctx.message.reply_to_message.text}: ${ctx.message.text}`),
)
bot.hears('hush', () => undefined)
bot.on(message('text'), (ctx, next) =>
  ctx.message.text.startsWith('ask ') ? next() : ctx.reply(`You said: ${ctx.message.text}`),
)

bot.launch()
