/** The JSON of OpenRouter's answers: chunks of a stream, whole completions, usage, generations. */
import type { RequestRecord, RequestUsage } from './request-journal.ts'

/** What every piece of one answer repeats. */
export interface AnswerFrame {
  generationId: string
  model: string
  createdSeconds: number
}

/** Makes the events of one stream; what all of them share is written once. */
export function createChunkWriter(frame: AnswerFrame) {
  const head = `data: {"id":${JSON.stringify(frame.generationId)},"provider":"Simulated","model":${JSON.stringify(frame.model)},"object":"chat.completion.chunk","created":${frame.createdSeconds},`
  const choice = (delta: string, finish: string) =>
    `"choices":[{"index":0,"delta":{"role":"assistant",${delta}},"finish_reason":${finish},"native_finish_reason":${finish},"logprobs":null}]`
  return {
    text: (text: string) => `${head}${choice(`"content":${JSON.stringify(text)}`, 'null')}}\n\n`,
    reasoning: (text: string) =>
      `${head}${choice(`"content":"","reasoning":${JSON.stringify(text)}`, 'null')}}\n\n`,
    image: (url: string) =>
      `${head}${choice(`"content":"","images":[{"type":"image_url","image_url":{"url":${JSON.stringify(url)}},"index":0}]`, 'null')}}\n\n`,
    finish: (reason: string) => `${head}${choice('"content":""', JSON.stringify(reason))}}\n\n`,
    /** OpenRouter repeats finish_reason beside the usage. */
    usage: (reason: string, usage: RequestUsage) =>
      `${head}${choice('"content":""', JSON.stringify(reason))},"usage":${JSON.stringify(usageShape(usage))}}\n\n`,
    error: (error: unknown) =>
      `${head}"error":${JSON.stringify(error)},${choice('"content":""', '"error"')}}\n\n`,
  }
}

/** A whole completion, as without `stream`. */
export function completionShape(frame: AnswerFrame, record: RequestRecord, usage: RequestUsage) {
  return {
    id: frame.generationId,
    provider: 'Simulated',
    model: frame.model,
    object: 'chat.completion',
    created: frame.createdSeconds,
    choices: [
      {
        index: 0,
        logprobs: null,
        finish_reason: record.finishReason,
        native_finish_reason: record.finishReason,
        message: { role: 'assistant', content: record.text, refusal: null, reasoning: null },
      },
    ],
    usage: usageShape(usage),
  }
}

/** `GET /generation?id=`. */
export function generationShape(record: RequestRecord) {
  const usage = record.usage ?? { promptTokens: 0, completionTokens: 0, costUsd: 0 }
  return {
    id: record.generationId,
    model: record.answeredBy ?? record.model,
    provider_name: 'Simulated',
    created_at: new Date(record.at).toISOString(),
    streamed: record.stream,
    cancelled: record.state === 'aborted',
    finish_reason: record.finishReason ?? null,
    total_cost: usage.costUsd,
    usage: usage.costUsd,
    tokens_prompt: usage.promptTokens,
    tokens_completion: usage.completionTokens,
    native_tokens_prompt: usage.promptTokens,
    native_tokens_completion: usage.completionTokens,
    latency: record.firstTokenAt === undefined ? null : record.firstTokenAt - record.at,
    generation_time: record.endedAt === undefined ? null : record.endedAt - record.at,
  }
}

function usageShape({ promptTokens, completionTokens, costUsd }: RequestUsage) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    cost: costUsd,
    is_byok: false,
    prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
    cost_details: { upstream_inference_cost: costUsd },
  }
}
