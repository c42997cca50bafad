/** What a bot wants to be paid. */

/** An invoice with what only the bot and the server know of it. */
export interface Invoice {
  botId: number
  payload: string
  /** ISO 4217, or XTR for Telegram Stars. */
  currency: string
  /** In the smallest units of the currency. */
  totalAmount: number
  /** Whether the price depends on how it is shipped. */
  isFlexible: boolean
}
