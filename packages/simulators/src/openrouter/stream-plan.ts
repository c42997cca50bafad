/** Decides, step by step, what one answer will send and when: the model's pace, and the fault that it meets. */
import type { ErrorBody, FaultKind, HangPlace } from './fault-kinds.ts'
import type { Speed } from './options.ts'
import { countTokens } from './prompt.ts'
import { drawFrom } from './random.ts'

/** One step of an answer. */
export type Step =
  | { do: 'headers' }
  | { do: 'reasoning'; text: string; afterMs: number }
  | { do: 'text'; text: string; afterMs: number }
  | { do: 'image'; url: string; afterMs: number }
  | { do: 'finish'; reason: string; afterMs: number }
  | { do: 'usage' }
  | { do: 'error'; error: ErrorBody }
  | { do: 'malformed' }
  /** Meanwhile it sends nothing, comment lines, or events without content. */
  | { do: 'hang'; beat: 'none' | 'comment' | 'empty' }
  | { do: 'cut' }
  | { do: 'end' }

/** What an answer is planned from. */
export interface PlanInput {
  text: string
  /** Data URLs of pictures, which follow the text. */
  images?: string[]
  maxTokens: number | undefined
  speed: Speed
  fault: FaultKind | undefined
  random: () => number
}

/** The steps of an answer; the last one closes it. */
export function planStream({ text, images = [], maxTokens, speed, fault, random }: PlanInput): Step[] {
  const kept = cutToTokens(text, maxTokens)
  const chunks = cutIntoChunks(kept, speed.chunkChars)
  const factor = fault?.kind === 'slow' ? fault.factor : 1
  const pace = paceOf({ chunks: chunks.length, text: kept, speed, random })
  const said: Step[] = chunks.map((chunk, index) => ({
    do: 'text',
    text: chunk,
    afterMs: factor * (index === 0 ? pace.firstMs : pace.everyMs),
  }))
  said.push(...images.map((url): Step => ({ do: 'image', url, afterMs: factor * pace.everyMs })))
  const reason = kept.length < text.length ? 'length' : 'stop'
  const finish: Step[] = [
    { do: 'finish', reason, afterMs: factor * pace.everyMs },
    { do: 'usage' },
    { do: 'end' },
  ]
  return fault ? withFault({ fault, said, finish, pace }) : [{ do: 'headers' }, ...said, ...finish]
}

interface Pace {
  firstMs: number
  everyMs: number
}

function withFault(planned: { fault: FaultKind; said: Step[]; finish: Step[]; pace: Pace }): Step[] {
  const { fault, said, finish, pace } = planned
  const headers: Step = { do: 'headers' }
  const after = 'afterChunks' in fault ? fault.afterChunks : undefined
  const before = [headers, ...said.slice(0, after ?? 0)]
  switch (fault.kind) {
    case 'error_chunk':
      return [...before, { do: 'error', error: fault.error }]
    case 'cut':
      return fault.beforeHeaders ? [{ do: 'cut' }] : [...before, { do: 'cut' }]
    case 'end':
      return [...before, { do: 'end' }]
    case 'malformed':
      return [...before, { do: 'malformed' }, { do: 'end' }]
    case 'empty':
      return [headers, { do: 'text', text: fault.text ?? '', afterMs: pace.firstMs }, ...finish]
    case 'hang':
      return hang(fault.at, { headers, said, finish, afterChunks: after ?? 0 })
    case 'no_usage':
      return [headers, ...said, ...finish.filter((step) => step.do !== 'usage')]
    case 'finish':
      return [
        headers,
        ...said.slice(0, after),
        ...finish.map((step) => (step.do === 'finish' ? { ...step, reason: fault.reason } : step)),
      ]
    case 'reasoning':
      return [headers, ...thoughts(fault.chunks, pace), ...said, ...finish]
    default:
      return [headers, ...said, ...finish]
  }
}

const BEATS: Partial<Record<HangPlace, 'comment' | 'empty'>> = { comments: 'comment', empty_events: 'empty' }

function hang(
  at: HangPlace,
  {
    headers,
    said,
    finish,
    afterChunks,
  }: { headers: Step; said: Step[]; finish: Step[]; afterChunks: number },
): Step[] {
  const stuck: Step = { do: 'hang', beat: BEATS[at] ?? 'none' }
  if (at === 'headers') return [stuck, headers, ...said, ...finish]
  if (at === 'comments' || at === 'empty_events') return [headers, stuck, ...said, ...finish]
  if (at === 'text') {
    return [headers, ...said.slice(0, afterChunks), stuck, ...said.slice(afterChunks), ...finish]
  }
  const [finishStep, ...rest] = finish
  return [headers, ...said, ...(finishStep ? [finishStep] : []), stuck, ...rest]
}

function thoughts(count: number, pace: Pace): Step[] {
  return Array.from({ length: count }, (_, index) => ({
    do: 'reasoning',
    text: `thought ${index + 1}; `,
    afterMs: pace.everyMs,
  }))
}

function paceOf({
  chunks,
  text,
  speed,
  random,
}: {
  chunks: number
  text: string
  speed: Speed
  random: () => number
}): Pace {
  const firstMs = drawFrom(speed.firstTokenMs, random)
  const totalMs =
    speed.tokensPerSecond === null
      ? Math.max(firstMs, drawFrom(speed.totalMs, random))
      : firstMs + (1000 * countTokens(text)) / speed.tokensPerSecond
  return { firstMs, everyMs: Math.round((totalMs - firstMs) / Math.max(1, chunks)) }
}

function cutToTokens(text: string, maxTokens: number | undefined): string {
  if (maxTokens === undefined || countTokens(text) <= maxTokens) return text
  const bytes = Buffer.from(text).subarray(0, maxTokens * 4)
  return bytes.toString().replace(/\uFFFD$/, '')
}

/** Never between the halves of a surrogate pair. */
function cutIntoChunks(text: string, chunkChars: number): string[] {
  const chunks: string[] = []
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + Math.max(1, Math.floor(chunkChars)))
    const code = text.charCodeAt(to - 1)
    if (to < text.length && code >= 0xd800 && code <= 0xdbff) to += 1
    chunks.push(text.slice(from, to))
    from = to
  }
  return chunks
}
