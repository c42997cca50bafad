/** How people pay for invoices. */
import type { Bot } from '../bot.ts'
import { SimulatorError } from '../bot-api-error.ts'
import type { User } from '../bot-api-types.ts'
import { nowMs } from '../clock.ts'
import type { Invoice } from '../invoice.ts'
import { type Params, readFlag, readString } from '../params.ts'
import { postMessage } from '../posting.ts'
import type { Place, World } from '../world.ts'
import { placeOf, type Where } from './phone-post.ts'

/** A payment, of an invoice in a message or behind a link. */
export interface Payment extends Where {
  messageId?: number | undefined
  /** As createInvoiceLink gave it; the payment is then told in the private chat with the bot. */
  link?: string | undefined
  /** Added to the total, in the smallest units of the currency. */
  tipAmount?: number | undefined
  /** What the person fills in: name, phone_number, email, shipping_address. */
  orderInfo?: Record<string, unknown> | undefined
}

/** Telegram wants an answer to a pre-checkout query in 10 seconds (core.telegram.org/bots/api#answerprecheckoutquery). */
const CHECKOUT_SECONDS = 10

/**
 * Presses Pay: the bot gets a pre_checkout_query. Where it answers ok, a successful_payment message follows; where it
 * does not, its error is shown among the chat's answers. Returns the id of the query.
 */
export function pay(world: World, { messageId, link, tipAmount, orderInfo, ...where }: Payment): string {
  const { place, user } = placeOf(world, where)
  const invoice = findInvoice(world, { place, messageId, link })
  if (invoice.isFlexible) throw new SimulatorError('shipping queries are not simulated: send no is_flexible')
  const bot = world.bot(invoice.botId)
  const told = link === undefined ? place : placeOf(world, { from: user.id, bot: bot.id }).place
  const queryId = `${user.id}${String(world.nextSerial()).padStart(9, '0')}`
  const order = {
    currency: invoice.currency,
    total_amount: invoice.totalAmount + (tipAmount ?? 0),
    invoice_payload: invoice.payload,
    ...(orderInfo && { order_info: orderInfo }),
  }
  bot.openQuery(queryId, {
    chatId: told.chat.id,
    lifeSeconds: CHECKOUT_SECONDS,
    onAnswered: ({ params }) => finish(world, { bot, place: told, user, queryId, order }, params),
  })
  bot.updates.add({ pre_checkout_query: { id: queryId, from: user, ...order } })
  return queryId
}

function findInvoice(
  world: World,
  { place, messageId, link }: { place: Place; messageId: number | undefined; link: string | undefined },
): Invoice {
  const invoice = link === undefined ? place.room.find(messageId)?.invoice : world.invoiceLinks.get(link)
  if (invoice === undefined) throw new SimulatorError(`there is no invoice ${link ?? messageId}`)
  return invoice
}

interface Checkout {
  bot: Bot
  place: Place
  user: User
  queryId: string
  order: Record<string, unknown>
}

function finish(world: World, { bot, place, user, queryId, order }: Checkout, params: Params): void {
  if (!readFlag(params, 'ok')) {
    const text = readString(params, 'error_message')
    place.room.show(place.room.answers, { queryId, text, showAlert: true, atMs: nowMs() })
    return
  }
  const chargeId = `sim_${String(world.nextSerial()).padStart(12, '0')}`
  const successful_payment = {
    ...order,
    telegram_payment_charge_id: chargeId,
    provider_payment_charge_id: `${user.id}_${chargeId}`,
  }
  const content = { successful_payment }
  const message = postMessage(world, { bot, place, by: 'service', from: user, content })
  // Only the bot that is paid hears of it.
  bot.updates.add({ message })
}
