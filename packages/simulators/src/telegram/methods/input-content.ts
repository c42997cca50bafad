/** Reads contents that are no texts and no files: locations, venues, contacts, invoices. */
import { badRequest } from '../bot-api-error.ts'
import type { Invoice } from '../invoice.ts'
import {
  isObject,
  type Params,
  readArray,
  readFlag,
  readInteger,
  readNumber,
  readRequired,
  readString,
} from '../params.ts'

/** The message's field for a location. Throws 400s. */
export function readLocation(params: Params, wrong = 'wrong location specified'): { location: unknown } {
  for (const field of ['latitude', 'longitude']) {
    if ((readString(params, field) ?? '').trim() === '') throw badRequest(`${field} is empty`)
  }
  const latitude = readNumber(params, 'latitude') ?? 0
  const longitude = readNumber(params, 'longitude') ?? 0
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) throw badRequest(wrong)
  const optional = ['horizontal_accuracy', 'live_period', 'heading', 'proximity_alert_radius']
  const given = optional
    .map((field) => [field, readNumber(params, field)] as const)
    .filter(([, value]) => value !== undefined && value > 0)
  return { location: { latitude, longitude, ...Object.fromEntries(given) } }
}

/** The message's fields for a venue: it stands there as a location too. Throws 400s. */
export function readVenue(params: Params): { location: unknown; venue: unknown } {
  const { location } = readLocation(params, 'wrong venue location specified')
  const optional = ['foursquare_id', 'foursquare_type', 'google_place_id', 'google_place_type']
  const given = optional.filter((field) => params[field] !== undefined)
  const venue = {
    location,
    title: readString(params, 'title') ?? '',
    address: readString(params, 'address') ?? '',
    ...Object.fromEntries(given.map((field) => [field, params[field]])),
  }
  return { location, venue }
}

/** The message's field for a contact. Throws 400s. */
export function readContact(params: Params): { contact: unknown } {
  const phone_number = readRequired(params, 'phone_number')
  const first_name = readRequired(params, 'first_name')
  const last_name = readString(params, 'last_name')
  const vcard = readString(params, 'vcard')
  return { contact: { phone_number, first_name, last_name, vcard } }
}

const STARS = 'XTR'

/**
 * An invoice and the message's field for it. Throws 400s; what Telegram's servers say of prices and tokens is known
 * from the field: PAYMENT_PROVIDER_INVALID, CURRENCY_TOTAL_AMOUNT_INVALID, INVOICE_PAYLOAD_INVALID.
 */
export function readInvoice(
  params: Params,
  botId: number,
): { invoice: Invoice; content: { invoice: unknown } } {
  const title = readRequired(params, 'title')
  const description = readRequired(params, 'description')
  const payload = readRequired(params, 'payload')
  if (Buffer.byteLength(payload) > 128) throw badRequest('INVOICE_PAYLOAD_INVALID')
  const currency = readRequired(params, 'currency')
  readRequired({ prices: params.prices === undefined ? '' : 'given' }, 'prices')
  const amounts = (readArray(params, 'prices') ?? []).map(amountOf)
  const total_amount = amounts.reduce((sum, amount) => sum + amount, 0)
  if (currency !== STARS && !readString(params, 'provider_token')) {
    throw badRequest('PAYMENT_PROVIDER_INVALID')
  }
  if (amounts.length === 0 || total_amount <= 0) throw badRequest('CURRENCY_TOTAL_AMOUNT_INVALID')
  const start_parameter = readString(params, 'start_parameter') ?? ''
  return {
    invoice: {
      botId,
      payload,
      currency,
      totalAmount: total_amount,
      isFlexible: readFlag(params, 'is_flexible'),
    },
    content: { invoice: { title, description, start_parameter, currency, total_amount } },
  }
}

function amountOf(price: unknown): number {
  if (!isObject(price)) throw badRequest("can't parse LabeledPrice: LabeledPrice must be an Object")
  for (const field of ['label', 'amount']) {
    if (price[field] === undefined) throw badRequest(`can't parse LabeledPrice: Can't find field "${field}"`)
  }
  return readInteger(price, 'amount') ?? 0
}
