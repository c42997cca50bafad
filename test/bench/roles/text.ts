/** Measures what formatting a reply costs: conversion and cutting, peers in turn with us, and previews as it grows. */
import { createLiveRendering, cutPages, renderMarkdown } from '@chatlane/telegram'
import { markdownToFormattable } from '@gramio/format/markdown'
import telegramify from 'telegramify-markdown'
import { modelReply } from '../model-reply.ts'
import { readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{
  repeats: number
  longRepeats: number
  previewUnits: number
  chunkUnits: number
}>()
sayReady()

const sides: Record<string, (markdown: string) => unknown> = {
  chatlane: (markdown) => cutPages(renderMarkdown(markdown)),
  gramio: (markdown) => markdownToFormattable(markdown),
  telegramify: (markdown) => telegramify(markdown, 'escape'),
}
const [short, long] = [modelReply(4_096), modelReply(204_800)]

/** The medians of each side, in milliseconds; the sides take turns, and the first third warms them up. */
function measure(markdown: string, repeats: number): Record<string, number> {
  const times: Record<string, number[]> = {}
  for (let repeat = -Math.ceil(repeats / 2); repeat < repeats; repeat++) {
    for (const [side, format] of Object.entries(sides)) {
      const startedAt = performance.now()
      format(markdown)
      if (repeat >= 0) (times[side] ??= []).push(performance.now() - startedAt)
    }
  }
  return Object.fromEntries(Object.entries(times).map(([side, all]) => [side, medianOf(all)]))
}

/** Milliseconds of one preview, on average over a reply that grows. */
function measurePreviews(): number {
  const reply = modelReply(options.previewUnits)
  const live = createLiveRendering()
  const startedAt = performance.now()
  let previews = 0
  for (let end = options.chunkUnits; end <= reply.length; end += options.chunkUnits, previews++) {
    live.show(reply.slice(0, end))
  }
  return (performance.now() - startedAt) / previews
}

function medianOf(values: number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN
}

const ofShort = measure(short, options.repeats)
const ofLong = measure(long, options.longRepeats)
const previews = Array.from({ length: 20 }, measurePreviews)
reportAndEnd({
  ...Object.fromEntries(Object.entries(ofShort).map(([side, ms]) => [`${side} short`, ms])),
  ...Object.fromEntries(Object.entries(ofLong).map(([side, ms]) => [`${side} long`, ms])),
  preview: medianOf(previews.slice(5)),
})
