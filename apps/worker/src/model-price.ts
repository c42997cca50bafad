/** What a token costs at most, whichever of several models answers. */
import type { ModelCatalogue } from '@chatlane/openrouter'

/** In US dollars a token. */
export interface TokenPrice {
  promptUsdPerToken: number
  replyUsdPerToken: number
}

/** Dearer than most models: what a model is taken to cost where OpenRouter lists none at all. */
const UNKNOWN: TokenPrice = { promptUsdPerToken: 20e-6, replyUsdPerToken: 100e-6 }

/**
 * The dearest price of `models`. A model that is not listed, and a router whose price is that of the model which it
 * chooses, are taken to cost what the dearest model of the list costs.
 */
export async function priceOf(
  catalogue: Pick<ModelCatalogue, 'all' | 'find'>,
  models: readonly string[],
): Promise<TokenPrice> {
  const found = await Promise.all(models.map((id) => catalogue.find(id)))
  const isKnown = found.every((model) => model !== undefined && !model.isPriceVariable)
  const all = isKnown ? found : await catalogue.all()
  const listed = all.filter((model) => model !== undefined)
  if (listed.length === 0) return UNKNOWN
  return {
    promptUsdPerToken: Math.max(...listed.map(({ promptUsdPerToken }) => promptUsdPerToken)),
    replyUsdPerToken: Math.max(...listed.map(({ completionUsdPerToken }) => completionUsdPerToken)),
  }
}
