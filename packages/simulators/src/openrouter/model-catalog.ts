/** The models that the simulator knows, in the shape of OpenRouter's `GET /models`. */

/** One entry of the listing. Prices are US dollars per token, as texts. */
export interface CatalogModel {
  id: string
  canonical_slug: string
  name: string
  created: number
  description: string
  context_length: number
  architecture: {
    modality: string
    input_modalities: string[]
    output_modalities: string[]
    tokenizer: string
  }
  pricing: { prompt: string; completion: string; request: string; image: string }
  top_provider: { context_length: number; max_completion_tokens: number | null; is_moderated: boolean }
  per_request_limits: null
  supported_parameters: string[]
}

/** Id, name, context, longest answer (0: not said), dollars per million tokens in and out, whether it sees pictures. */
type Row = [string, string, number, number, number, number, boolean?]

const ROWS: Row[] = [
  ['openai/gpt-4o-mini', 'OpenAI: GPT-4o-mini', 128_000, 16_384, 0.15, 0.6, true],
  ['openai/gpt-4o', 'OpenAI: GPT-4o', 128_000, 16_384, 2.5, 10, true],
  ['openai/gpt-4.1', 'OpenAI: GPT-4.1', 1_047_576, 32_768, 2, 8, true],
  ['openai/gpt-4.1-mini', 'OpenAI: GPT-4.1 Mini', 1_047_576, 32_768, 0.4, 1.6, true],
  ['openai/gpt-4.1-nano', 'OpenAI: GPT-4.1 Nano', 1_047_576, 32_768, 0.1, 0.4, true],
  ['openai/gpt-5', 'OpenAI: GPT-5', 400_000, 128_000, 1.25, 10, true],
  ['openai/gpt-5-mini', 'OpenAI: GPT-5 Mini', 400_000, 128_000, 0.25, 2, true],
  ['openai/gpt-5-nano', 'OpenAI: GPT-5 Nano', 400_000, 128_000, 0.05, 0.4, true],
  ['openai/o4-mini', 'OpenAI: o4 Mini', 200_000, 100_000, 1.1, 4.4, true],
  ['openai/gpt-oss-120b', 'OpenAI: gpt-oss-120b', 131_072, 0, 0.09, 0.45],
  ['openai/gpt-oss-20b:free', 'OpenAI: gpt-oss-20b (free)', 131_072, 131_072, 0, 0],
  ['openai/gpt-3.5-turbo', 'OpenAI: GPT-3.5 Turbo', 16_385, 4096, 0.5, 1.5],
  ['anthropic/claude-sonnet-4.5', 'Anthropic: Claude Sonnet 4.5', 1_000_000, 64_000, 3, 15, true],
  ['anthropic/claude-haiku-4.5', 'Anthropic: Claude Haiku 4.5', 200_000, 64_000, 1, 5, true],
  ['anthropic/claude-opus-4.1', 'Anthropic: Claude Opus 4.1', 200_000, 32_000, 15, 75, true],
  ['anthropic/claude-3.5-haiku', 'Anthropic: Claude 3.5 Haiku', 200_000, 8192, 0.8, 4, true],
  ['google/gemini-2.5-pro', 'Google: Gemini 2.5 Pro', 1_048_576, 65_536, 1.25, 10, true],
  ['google/gemini-2.5-flash', 'Google: Gemini 2.5 Flash', 1_048_576, 65_535, 0.3, 2.5, true],
  ['google/gemini-2.5-flash-lite', 'Google: Gemini 2.5 Flash Lite', 1_048_576, 65_535, 0.1, 0.4, true],
  ['google/gemini-2.5-flash-image', 'Google: Gemini 2.5 Flash Image', 32_768, 8192, 0.3, 2.5, true],
  ['google/gemma-3-27b-it', 'Google: Gemma 3 27B', 131_072, 16_384, 0.09, 0.16, true],
  ['google/gemma-3-27b-it:free', 'Google: Gemma 3 27B (free)', 131_072, 8192, 0, 0, true],
  ['meta-llama/llama-3.3-70b-instruct', 'Meta: Llama 3.3 70B Instruct', 131_072, 16_384, 0.13, 0.38],
  ['meta-llama/llama-3.3-70b-instruct:free', 'Meta: Llama 3.3 70B Instruct (free)', 65_536, 0, 0, 0],
  ['meta-llama/llama-4-maverick', 'Meta: Llama 4 Maverick', 1_048_576, 16_384, 0.15, 0.6, true],
  ['meta-llama/llama-4-scout', 'Meta: Llama 4 Scout', 1_048_576, 1_048_576, 0.08, 0.3, true],
  ['deepseek/deepseek-chat-v3.1', 'DeepSeek: DeepSeek V3.1', 163_840, 0, 0.2, 0.8],
  ['deepseek/deepseek-r1', 'DeepSeek: R1', 163_840, 163_840, 0.4, 2],
  [
    'mistralai/mistral-small-3.2-24b-instruct',
    'Mistral: Mistral Small 3.2 24B',
    131_072,
    0,
    0.06,
    0.18,
    true,
  ],
  ['mistralai/mistral-medium-3.1', 'Mistral: Mistral Medium 3.1', 131_072, 0, 0.4, 2, true],
  ['mistralai/mistral-nemo', 'Mistral: Mistral Nemo', 131_072, 16_384, 0.02, 0.04],
  ['qwen/qwen3-235b-a22b', 'Qwen: Qwen3 235B A22B', 40_960, 40_960, 0.18, 0.54],
  ['qwen/qwen3-coder', 'Qwen: Qwen3 Coder 480B A35B', 262_144, 262_144, 0.22, 0.95],
  ['x-ai/grok-4', 'xAI: Grok 4', 256_000, 0, 3, 15, true],
  ['x-ai/grok-4-fast', 'xAI: Grok 4 Fast', 2_000_000, 30_000, 0.2, 0.5, true],
  ['moonshotai/kimi-k2', 'MoonshotAI: Kimi K2', 131_072, 0, 0.5, 2.4],
  ['z-ai/glm-4.6', 'Z.AI: GLM 4.6', 202_752, 202_752, 0.4, 1.75],
  ['cohere/command-r-08-2024', 'Cohere: Command R', 128_000, 4000, 0.15, 0.6],
  ['undi95/remm-slerp-l2-13b', 'ReMM SLERP 13B', 6144, 0, 0.45, 0.65],
]

/** Models that hear, that read PDFs themselves, and that make pictures. */
const HEARING = /^google\/gemini-2\.5-(?:pro|flash|flash-lite)$/
const READING = /^(?:google\/gemini-2\.5-(?:pro|flash|flash-lite)|anthropic\/|openai\/gpt-(?:4o|4\.1|5))/
const PAINTING = /^google\/gemini-2\.5-flash-image$/

/** The listing: the built-in models, and others known by their id alone. */
export function createCatalog(extraIds: readonly string[] = []): CatalogModel[] {
  const extra = extraIds.map((id): Row => [id, id, 128_000, 16_384, 0.15, 0.6])
  return [...ROWS, ...extra].map(describe)
}

/** Finds a model; a routing variant (`:nitro`, `:floor`) is the model itself. */
export function findModel(catalog: readonly CatalogModel[], id: string): CatalogModel | undefined {
  const bare = id.replace(/:(nitro|floor|online)$/, '')
  return catalog.find((model) => model.id === bare)
}

function describe([id, name, context, longest, promptPrice, completionPrice, sees]: Row): CatalogModel {
  const inputs = ['text', ...(sees ? ['image'] : [])]
  if (HEARING.test(id)) inputs.push('audio')
  if (READING.test(id)) inputs.push('file')
  const outputs = PAINTING.test(id) ? ['image', 'text'] : ['text']
  return {
    id,
    canonical_slug: id.replace(/:.*$/, ''),
    name,
    created: 1_750_000_000,
    description: `${name}, simulated.`,
    context_length: context,
    architecture: {
      modality: `${inputs.join('+')}->${outputs.join('+')}`,
      input_modalities: inputs,
      output_modalities: outputs,
      tokenizer: 'Other',
    },
    pricing: {
      prompt: perToken(promptPrice),
      completion: perToken(completionPrice),
      request: '0',
      image: '0',
    },
    top_provider: {
      context_length: context,
      max_completion_tokens: longest || null,
      is_moderated: id.startsWith('openai/'),
    },
    per_request_limits: null,
    supported_parameters: ['max_tokens', 'temperature', 'top_p', 'stop', 'tools', 'response_format'],
  }
}

function perToken(perMillion: number): string {
  return perMillion === 0 ? '0' : (perMillion / 1e6).toFixed(10).replace(/0+$/, '')
}
