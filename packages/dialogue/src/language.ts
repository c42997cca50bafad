/** Which of the bot's languages a user is spoken to in. */

/** The languages that the bot speaks. */
export type Language = 'ru' | 'en'

/** Russian for Telegram clients set to Russian, English for all others. `code` is an IETF tag or nothing. */
export function languageOf(code: string | undefined): Language {
  return /^ru\b/i.test(code ?? '') ? 'ru' : 'en'
}
