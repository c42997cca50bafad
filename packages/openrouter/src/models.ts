/** The models that OpenRouter offers. */

/** One model. */
export interface Model {
  id: string
  name: string
  /** Tokens of prompt and answer together. */
  contextLength: number
  /** The longest answer, in tokens, where the provider says so. */
  maxCompletionTokens?: number
  promptUsdPerToken: number
  completionUsdPerToken: number
  /** Set for routers: the price is that of the model which they choose. The two prices are 0 then. */
  isPriceVariable?: true
  /** What it takes beside text: `image`, `audio`, `file`. Undefined where the listing does not say. */
  inputModalities?: readonly string[]
  /** What it gives beside text: `image`. Undefined where the listing does not say. */
  outputModalities?: readonly string[]
}

/** Reads the body of `GET /models`; entries without an id or a context length are left out. */
export function readModels(body: unknown): Model[] {
  const data = (body as { data?: unknown } | null)?.data
  return Array.isArray(data) ? data.flatMap((entry) => readModel(entry) ?? []) : []
}

interface Listed {
  id?: unknown
  name?: unknown
  context_length?: unknown
  pricing?: { prompt?: unknown; completion?: unknown } | null
  architecture?: { input_modalities?: unknown; output_modalities?: unknown } | null
  top_provider?: { max_completion_tokens?: unknown } | null
}

function readModel(entry: Listed | null): Model | undefined {
  if (typeof entry?.id !== 'string' || typeof entry.context_length !== 'number') return undefined
  const { input_modalities: inputs, output_modalities: outputs } = entry.architecture ?? {}
  const longest = entry.top_provider?.max_completion_tokens
  return {
    id: entry.id,
    name: typeof entry.name === 'string' ? entry.name : entry.id,
    contextLength: entry.context_length,
    ...(typeof longest === 'number' && { maxCompletionTokens: longest }),
    promptUsdPerToken: readPrice(entry.pricing?.prompt),
    completionUsdPerToken: readPrice(entry.pricing?.completion),
    ...(Number(entry.pricing?.prompt) < 0 && { isPriceVariable: true }),
    ...(Array.isArray(inputs) && { inputModalities: inputs.filter((name) => typeof name === 'string') }),
    ...(Array.isArray(outputs) && { outputModalities: outputs.filter((name) => typeof name === 'string') }),
  }
}

/** Prices are texts; routers, whose price depends on the model they choose, say -1. */
function readPrice(price: unknown): number {
  const usd = Number(price)
  return Number.isFinite(usd) && usd > 0 ? usd : 0
}
