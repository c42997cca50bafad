/** What a model takes and makes beside text. */
import type { ModelSenses } from '@chatlane/dialogue'
import type { AnswerRequest, ModelCatalogue } from '@chatlane/openrouter'

/** What `model` takes. Of one that is not listed is believed that it sees and does not hear. */
export async function sensesOf(catalogue: Pick<ModelCatalogue, 'find'>, model: string): Promise<ModelSenses> {
  const inputs = (await catalogue.find(model))?.inputModalities
  if (!inputs) return { pictures: true, sounds: 'none' }
  const hears = inputs.includes('audio')
  // OpenAI's models take these two formats alone (https://platform.openai.com/docs/guides/audio).
  const sounds = !hears ? 'none' : model.startsWith('openai/') ? 'wav-mp3' : 'all'
  return { pictures: inputs.includes('image'), sounds }
}

/** How `model` has to be asked so that it makes pictures where it can, and PDFs are read without further cost. */
export async function requestTermsOf(
  catalogue: Pick<ModelCatalogue, 'find'>,
  { model, hasPdf }: { model: string; hasPdf: boolean },
): Promise<Pick<AnswerRequest, 'modalities' | 'pdfEngine'>> {
  const known = await catalogue.find(model)
  const makesPictures = known?.outputModalities?.includes('image')
  const readsFiles = known?.inputModalities?.includes('file')
  return {
    ...(makesPictures && { modalities: ['image', 'text'] }),
    ...(hasPdf && !readsFiles && { pdfEngine: 'cloudflare-ai' as const }),
  }
}
