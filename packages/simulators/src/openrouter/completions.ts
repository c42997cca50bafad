/** `POST /chat/completions`: reads the request, finds the model and the fault, and answers. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerTo } from './answers.ts'
import { ClientLine } from './client-line.ts'
import { type CompletionRequest, readCompletionRequest } from './completion-request.ts'
import { sendError, sendJson } from './error-answer.ts'
import type { FaultKind, HttpFault } from './fault-kinds.ts'
import type { FaultList } from './fault-list.ts'
import { FAULT_PRESETS } from './fault-presets.ts'
import { type CatalogModel, findModel } from './model-catalog.ts'
import type { Answers, Speech, Speed } from './options.ts'
import { continuationOf, prefillHabit, prefillProblem, splitPrefill } from './prefill.ts'
import { countPromptTokens, countTokens, lastUserText, missingModality } from './prompt.ts'
import type { RequestJournal, RequestRecord, RequestUsage } from './request-journal.ts'
import { planStream } from './stream-plan.ts'
import { playStream, playWhole, type Stage } from './stream-player.ts'

/** What completions share with the rest of one simulator; `speed` and `answers` may change at any time. */
export interface CompletionsContext {
  catalog: readonly CatalogModel[]
  faults: FaultList
  journal: RequestJournal
  lines: Set<ClientLine>
  speed: Speed
  bytesPerToken: number
  answers: Answers
  transcripts: (speech: Speech) => string
  random: () => number
  hasCredits: () => boolean
  isKeyAccepted: (key: string) => boolean
}

/** Answers one request; rejects only with what an `answers` function throws. */
export async function complete(
  request: IncomingMessage,
  response: ServerResponse,
  { body, key, context }: { body: unknown; key: string; context: CompletionsContext },
): Promise<void> {
  const asked = readCompletionRequest(body)
  if (!asked) return sendError(response, FAULT_PRESETS.bad_request)
  const record = context.journal.begin({
    ...asked,
    generationId: `gen-${Math.floor(Date.now() / 1000)}-${randomBytes(10).toString('hex')}`,
    headers: headersWithoutKey(request),
  })
  const refuse = (fault: HttpFault) => {
    record.status = fault.status
    context.journal.end(record, 'failed')
    sendError(response, fault)
  }
  if (!context.isKeyAccepted(key)) return refuse(FAULT_PRESETS.bad_key)
  if (!context.hasCredits()) return refuse(FAULT_PRESETS.no_credits)
  const route = findRoute(asked, context)
  if (route.fault) record.fault = route.fault.kind
  if (route.fault?.kind === 'http') return refuse(route.fault)
  if (route.fault?.kind === 'error_body') {
    record.status = 200
    context.journal.end(record, 'failed')
    return sendJson(response, 200, { error: route.fault.error })
  }
  if (!route.model) return
  try {
    await answer({ asked, record, response, context, model: route.model, fault: route.fault })
  } finally {
    context.journal.end(record, 'failed')
  }
}

interface Answering {
  asked: CompletionRequest
  record: RequestRecord
  response: ServerResponse
  context: CompletionsContext
  model: CatalogModel
  fault: FaultKind | undefined
}

async function answer({ asked, record, response, context, model, fault }: Answering): Promise<void> {
  const { speed, random, journal } = context
  record.answeredBy = model.id
  const begun = splitPrefill(asked.messages)
  const whole = answerTo(
    { model: model.id, messages: begun?.messages ?? asked.messages, random },
    context.answers,
  )
  const text = begun ? continuationOf(whole.text, begun.beginning, prefillHabit(model.id)) : whole.text
  const mayMake =
    asked.modalities?.includes('image') && model.architecture.output_modalities.includes('image')
  const steps = planStream({
    text,
    images: mayMake ? whole.images : [],
    maxTokens: asked.maxTokens,
    speed,
    fault,
    random,
  })
  const promptTokens = countPromptTokens(asked.messages, context.bytesPerToken)
  const line = new ClientLine(response)
  const stage: Stage = {
    line,
    record,
    journal,
    frame: {
      generationId: record.generationId,
      model: model.id,
      createdSeconds: Math.floor(record.at / 1000),
    },
    commentEveryMs: () => context.speed.commentEveryMs,
    usageNow: () => priceOf(model, { promptTokens, completionTokens: countTokens(record.text) }),
  }
  context.lines.add(line)
  await (asked.stream ? playStream(steps, stage) : playWhole(steps, stage))
  context.lines.delete(line)
}

/** The first of the wanted models that can answer, or why the last of them cannot. */
function findRoute(
  asked: CompletionRequest,
  { catalog, faults, bytesPerToken }: CompletionsContext,
): { model?: CatalogModel; fault?: FaultKind } {
  const text = lastUserText(asked.messages)
  let refusal: HttpFault = FAULT_PRESETS.bad_request
  for (const id of new Set([asked.model, ...asked.fallbackModels])) {
    const model = findModel(catalog, id)
    if (!model) {
      refusal = notAModel(id)
      continue
    }
    const missing = missingModality(asked.messages, model)
    if (missing) {
      refusal = noEndpoint(missing)
      continue
    }
    const problem = problemOfPrefill(asked, model.id)
    if (problem) {
      refusal = problem
      continue
    }
    const met = faults.meet({ model: model.id, text })
    if (met?.fault.kind === 'http') {
      if (met.scope.model === undefined) return { fault: met.fault }
      refusal = met.fault
      continue
    }
    if (countPromptTokens(asked.messages, bytesPerToken) + (asked.maxTokens ?? 0) > model.context_length) {
      refusal = FAULT_PRESETS.context_too_long
      continue
    }
    return met ? { model, fault: met.fault } : { model }
  }
  return { fault: refusal }
}

/** What OpenRouter says where no provider of the model takes such parts. */
function noEndpoint(modality: string): HttpFault {
  const message = `No endpoints found that support ${modality} input`
  return { kind: 'http', status: 404, error: { code: 404, message } }
}

function problemOfPrefill({ messages }: CompletionRequest, model: string): HttpFault | undefined {
  const begun = splitPrefill(messages)
  const message = begun && prefillProblem(begun.beginning, prefillHabit(model))
  if (message === undefined) return undefined
  return {
    kind: 'http',
    status: 400,
    error: { code: 400, message, metadata: { error_type: 'invalid_request' } },
  }
}

function notAModel(id: string): HttpFault {
  return { kind: 'http', status: 400, error: { code: 400, message: `${id} is not a valid model ID` } }
}

function priceOf(
  model: CatalogModel,
  { promptTokens, completionTokens }: Omit<RequestUsage, 'costUsd'>,
): RequestUsage {
  const { prompt, completion } = model.pricing
  const costUsd = promptTokens * Number(prompt) + completionTokens * Number(completion)
  return { promptTokens, completionTokens, costUsd: Number(costUsd.toFixed(12)) }
}

function headersWithoutKey(request: IncomingMessage): Record<string, string> {
  const kept = Object.entries(request.headers).filter(([name]) => name !== 'authorization')
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]))
}
