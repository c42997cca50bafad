/** Methods that ask for money: sendInvoice, createInvoiceLink. */
import { badRequest } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { readInvoice } from './input-content.ts'
import type { Call, Methods } from './method.ts'
import { inlineButtons } from './reply-markup.ts'
import { destinationOf, post } from './sending.ts'

function sendInvoice(call: Call): Message {
  const { invoice, content } = readInvoice(call.params, call.bot.id)
  const destination = destinationOf(call)
  const buttons = inlineButtons(destination.shared.reply_markup)
  if (buttons.length > 0 && buttons[0]?.pay !== true) {
    const hasPay = buttons.some(({ pay }) => pay === true)
    throw badRequest(hasPay ? 'BUTTON_POS_INVALID' : 'REPLY_MARKUP_BUY_EMPTY')
  }
  const message = post(call, destination, content)
  const entry = destination.place.room.find(message.message_id)
  if (entry !== undefined) entry.invoice = invoice
  return message
}

function createInvoiceLink({ bot, world, params }: Call): string {
  const { invoice } = readInvoice(params, bot.id)
  const link = `https://t.me/$sim${String(world.nextSerial()).padStart(12, '0')}`
  world.invoiceLinks.set(link, invoice)
  return link
}

/** Methods for payments. */
export const paymentMethods: Methods = {
  sendInvoice: { cost: 'send', run: sendInvoice },
  createInvoiceLink: { cost: 'free', run: createInvoiceLink },
}
