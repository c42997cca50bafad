/** Plays the steps of one answer onto its connection, as a stream or as one JSON body. */
import type { ClientLine } from './client-line.ts'
import { type AnswerFrame, completionShape, createChunkWriter } from './completion-shapes.ts'
import { sendError } from './error-answer.ts'
import type { RequestJournal, RequestRecord, RequestUsage } from './request-journal.ts'
import type { Step } from './stream-plan.ts'

const COMMENT = ': OPENROUTER PROCESSING\n\n'

/** What a step needs. */
export interface Stage {
  line: ClientLine
  record: RequestRecord
  journal: RequestJournal
  frame: AnswerFrame
  commentEveryMs: () => number
  /** What the text so far costs. */
  usageNow: () => RequestUsage
}

/** Plays a stream to its end, a fault, or the client's leaving, and ends the record. */
export async function playStream(steps: readonly Step[], stage: Stage): Promise<void> {
  const { line, record, journal } = stage
  const sink = createStreamSink(stage)
  for (const step of steps) {
    await waitBefore(step, stage, sink)
    if (line.isClosed) break
    if (step.do === 'text') record.text += step.text
    if (step.do === 'finish') record.finishReason = step.reason
    sink.send(step)
    if (step.do === 'text' || step.do === 'reasoning' || step.do === 'image') journal.noteFirstToken(record)
  }
  settle(stage)
}

/** The same steps for a request without `stream`: everything arrives at the end. */
export async function playWhole(steps: readonly Step[], stage: Stage): Promise<void> {
  const { line, record, journal, frame } = stage
  for (const step of steps) {
    await waitBefore(step, stage, SILENT)
    if (line.isClosed) break
    if (step.do === 'text') record.text += step.text
    if (step.do === 'text' || step.do === 'reasoning') journal.noteFirstToken(record)
    if (step.do === 'finish') record.finishReason = step.reason
    if (step.do === 'cut' || step.do === 'malformed') return fail(stage, () => line.cut())
    if (step.do === 'error') {
      const status = typeof step.error.code === 'number' ? step.error.code : 502
      return fail(stage, () => sendError(line.response, { kind: 'http', status, error: step.error }))
    }
    if (step.do === 'end') {
      if (record.finishReason === undefined) return fail(stage, () => line.cut())
      const usage = stage.usageNow()
      record.status = 200
      journal.end(record, 'finished', usage)
      line.response.writeHead(200, {
        'Content-Type': 'application/json',
        'X-Generation-Id': frame.generationId,
      })
      line.response.end(JSON.stringify(completionShape(frame, record, usage)))
    }
  }
  settle(stage)
}

interface Beats {
  comment: () => void
  empty: () => void
}

const SILENT: Beats = { comment: () => {}, empty: () => {} }

/** Waits as long as the step says; until the first token comment lines say that the connection lives. */
async function waitBefore(step: Step, stage: Stage, { comment, empty }: Beats): Promise<void> {
  const { line, record } = stage
  if (step.do === 'hang') {
    const beat = { none: () => {}, comment, empty }[step.beat]
    await line.hang(step.beat === 'none' ? 60_000 : stage.commentEveryMs(), beat)
    return
  }
  let leftMs = 'afterMs' in step ? step.afterMs : 0
  while (record.firstTokenAt === undefined && leftMs > stage.commentEveryMs() && !line.isClosed) {
    const everyMs = stage.commentEveryMs()
    await line.wait(everyMs)
    if (!line.isClosed) comment()
    leftMs -= everyMs
  }
  await line.wait(leftMs)
}

function createStreamSink(stage: Stage) {
  const { line, record, journal, frame } = stage
  const { response } = line
  const chunk = createChunkWriter(frame)
  const send = (step: Step): void => {
    switch (step.do) {
      case 'headers':
        record.status = 200
        response.writeHead(200, {
          'Content-Type': 'text/event-stream',
          'Cache-Control': 'no-cache',
          'X-Generation-Id': frame.generationId,
        })
        response.write(COMMENT)
        return
      case 'text':
        response.write(chunk.text(step.text))
        return
      case 'image':
        response.write(chunk.image(step.url))
        return
      case 'reasoning':
        response.write(chunk.reasoning(step.text))
        return
      case 'finish':
        response.write(chunk.finish(step.reason))
        return
      case 'usage':
        response.write(`${chunk.usage(record.finishReason ?? 'stop', stage.usageNow())}data: [DONE]\n\n`)
        return
      case 'malformed':
        response.write('data: {"choices": [{"delta"\n\n')
        return
      case 'error':
        fail(stage, () => response.end(chunk.error(step.error)))
        return
      case 'cut':
        fail(stage, () => line.cut())
        return
      case 'end':
        if (record.finishReason === undefined) journal.end(record, 'failed')
        else journal.end(record, 'finished', stage.usageNow())
        response.end()
    }
  }
  return { send, comment: () => response.write(COMMENT), empty: () => response.write(chunk.text('')) }
}

/** The record is ended before the client can notice, so that whoever saw the failure finds it noted. */
function fail({ journal, record }: Stage, act: () => void): void {
  journal.end(record, 'failed')
  act()
}

/** Whatever has no ending by now was left by the client: what it got is billed. */
function settle({ journal, record, usageNow }: Stage): void {
  journal.end(record, 'aborted', record.text === '' ? undefined : usageNow())
}
