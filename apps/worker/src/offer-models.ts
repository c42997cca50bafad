/** The models that an operator offers the chats of a bot, out of all that OpenRouter lists. */
import type { ModelList, OfferedModel } from '@chatlane/dialogue'
import type { Model, ModelCatalogue } from '@chatlane/openrouter'

/**
 * The models whose ids fit one of `patterns`, and the standard one. In a pattern `*` stands for anything. An id with a
 * variant (`:nitro`) that is not listed is offered as its model. Without patterns none is offered: anyone could choose
 * the dearest.
 */
export function offerModels(
  catalogue: Pick<ModelCatalogue, 'all'>,
  { patterns, standard }: { patterns: readonly string[]; standard: string },
): ModelList {
  const isOpen = patterns.length > 0
  let listed: readonly Model[] | undefined
  let offered: readonly OfferedModel[] = []
  return {
    standard,
    isOpen,
    async offered() {
      if (!isOpen) return []
      const models = await catalogue.all()
      if (models.length === 0) return undefined
      // The catalogue answers the same list until it has read another.
      if (models !== listed) offered = offeredOf(models, [...patterns, standard], standard)
      listed = models
      return offered
    },
  }
}

function offeredOf(models: readonly Model[], patterns: readonly string[], standard: string): OfferedModel[] {
  const fits = patterns.map(patternOf)
  const isOffered = ({ id }: Model) => fits.some((pattern) => pattern.test(id))
  const variants = patterns.flatMap((id) => variantOf(models, id) ?? [])
  const all = new Map([...models.filter(isOffered), ...variants].map((model) => [model.id, model]))
  const rank = ({ id }: Model) => (id === standard ? 0 : 1)
  return [...all.values()]
    .sort((one, other) => rank(one) - rank(other) || (one.id < other.id ? -1 : 1))
    .map(describe)
}

function patternOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'i')
}

function variantOf(models: readonly Model[], id: string): Model | undefined {
  const [, base, variant] = /^([^*]+?):([^*:/]+)$/.exec(id) ?? []
  if (base === undefined || models.some((model) => model.id === id)) return undefined
  const model = models.find((each) => each.id === base)
  return model && { ...model, id, name: `${model.name} (${variant})` }
}

function describe({ id, name, contextLength, isPriceVariable, ...model }: Model): OfferedModel {
  const price = isPriceVariable
    ? 'varies'
    : { input: model.promptUsdPerToken * 1e6, output: model.completionUsdPerToken * 1e6 }
  return { id, name, contextTokens: contextLength, price }
}
