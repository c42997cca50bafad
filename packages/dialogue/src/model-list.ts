/** The models that a chat may choose from: how they are found, named in buttons and described. */
import { createHash } from 'node:crypto'
import { plainMarkdown } from './plain-markdown.ts'
import type { Texts } from './texts.ts'

/** A model as a chat sees it. */
export interface OfferedModel {
  id: string
  name: string
  contextTokens: number
  /** US dollars per million tokens, or that nobody can say before. */
  price: { input: number; output: number } | 'varies'
}

/** The models that the operator of a bot offers. */
export interface ModelList {
  /** Answers where nothing was chosen. */
  standard: string
  /** Whether a chat may choose at all. */
  isOpen: boolean
  /** The standard one first; undefined where OpenRouter's list is not known right now. Never rejects. */
  offered(): Promise<readonly OfferedModel[] | undefined>
}

/** What stands for a model in a button: ids may be longer than a button's data. */
export function modelMark(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 10)
}

/** Those whose id or name has every word of `query`; all for an empty one. */
export function searchModels(models: readonly OfferedModel[], query: string): OfferedModel[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return models.filter(({ id, name }) => {
    const searched = `${id} ${name}`.toLowerCase()
    return words.every((word) => searched.includes(word))
  })
}

/** The model in one line of Markdown: name, window and price. */
export function modelLine({ name, contextTokens, price }: OfferedModel, texts: Texts): string {
  return `**${plainMarkdown(name)}** · ${shortCount(contextTokens)} · ${shortPrice(price, texts)}`
}

function shortPrice(price: OfferedModel['price'], { model: texts }: Texts): string {
  if (price === 'varies') return texts.priceVaries
  return price.input === 0 && price.output === 0
    ? texts.free
    : `${dollars(price.input)} / ${dollars(price.output)}`
}

function dollars(amount: number): string {
  const cents = amount.toFixed(2)
  // Cheap models cost parts of a cent.
  return `$${amount === 0 || Number(cents) === amount ? cents.replace(/\.00$/, '') : String(Number(amount.toPrecision(2)))}`
}

function shortCount(tokens: number): string {
  if (tokens < 1000) return String(tokens)
  return tokens < 999_500 ? `${Math.round(tokens / 1000)}K` : `${Number((tokens / 1_000_000).toFixed(1))}M`
}
