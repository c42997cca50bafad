/** Every text that the bot says by itself. The texts are in `texts/<language>.json`, for translators to edit. */
import EN from '../texts/en.json' with { type: 'json' }
import RU from '../texts/ru.json' with { type: 'json' }
import { type Language, languageOf } from './language.ts'
import type { FaultCode, Memory, StreamingMode } from './ports.ts'
import type { Remark } from './question-files.ts'

/** The texts of one language: text by key, some in groups. */
export type Texts = typeof EN & {
  faults: Record<FaultCode, string>
  files: Record<Remark, string>
  streaming: Record<StreamingMode, string>
}

/** What an operator says in other words: any of the keys, each with a text. */
export type TextOverrides = { [K in keyof Texts]?: Partial<Texts[K]> }

/** The texts in every language. */
export interface TextBook {
  in(language: Language): Texts
  /** In the language that the chat was last spoken in. */
  of(memory: Memory): Texts
}

const STANDARD: Record<Language, Texts> = { en: EN, ru: RU }

/** The bot's own texts, and those of an operator in their place. */
export function createTextBook(overrides: Partial<Record<Language, TextOverrides>> = {}): TextBook {
  const texts = {
    en: withOverrides(STANDARD.en, overrides.en ?? {}),
    ru: withOverrides(STANDARD.ru, overrides.ru ?? {}),
  }
  return {
    in: (language) => texts[language],
    of: ({ settings }) => texts[settings.language ?? languageOf(undefined)],
  }
}

/** One line for each key of `given` that is no text of the bot, or has no text. */
export function textProblems(given: unknown): string[] {
  if (!isGroup(given)) return ['found no object, expected texts by their keys']
  return problemsIn(given, STANDARD.en, '')
}

function problemsIn(
  given: Record<string, unknown>,
  known: Record<string, unknown>,
  prefix: string,
): string[] {
  return Object.entries(given).flatMap(([key, value]) => {
    const name = `${prefix}${key}`
    const standard = Object.hasOwn(known, key) ? known[key] : undefined
    if (standard === undefined) return [`${name}: found a key that the bot has no text for`]
    if (isGroup(standard)) {
      return isGroup(value)
        ? problemsIn(value, standard, `${name}.`)
        : [`${name}: expected texts by their keys`]
    }
    return typeof value === 'string' && value.trim() !== '' ? [] : [`${name}: expected a text`]
  })
}

function withOverrides(standard: Texts, overrides: TextOverrides): Texts {
  const entries = Object.entries(standard).map(([key, value]) => {
    const own = overrides[key as keyof Texts]
    return [key, isGroup(value) && isGroup(own) ? { ...value, ...own } : (own ?? value)]
  })
  return Object.fromEntries(entries) as Texts
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
