/** Measures what formatting a reply costs one side, in milliseconds: short and long replies, and ours as they grow. */
import { createLiveRendering, cutPages, renderMarkdown } from '@chatlane/telegram'
import { markdownToFormattable } from '@gramio/format/markdown'
import telegramify from 'telegramify-markdown'
import { medianMs } from '../median-ms.ts'
import { modelReply } from '../model-reply.ts'
import { readOptions, reportAndEnd, sayReady } from './role.ts'

const sides = {
  chatlane: (markdown: string) => cutPages(renderMarkdown(markdown)),
  gramio: (markdown: string) => markdownToFormattable(markdown),
  telegramify: (markdown: string) => telegramify(markdown, 'escape'),
}
const options = readOptions<{ side: keyof typeof sides; repeats: number; longRepeats: number }>()
const format = sides[options.side]
sayReady()

/** A reply of 8 KB that is shown 128 times as it grows. */
function showGrowing(): void {
  const reply = modelReply(8_192)
  const live = createLiveRendering()
  for (let end = 64; end <= reply.length; end += 64) live.show(reply.slice(0, end))
}

const [short, long] = [modelReply(4_096), modelReply(204_800)]
reportAndEnd({
  short: await medianMs(() => format(short), options.repeats),
  long: await medianMs(() => format(long), options.longRepeats),
  ...(options.side === 'chatlane' && { preview: (await medianMs(showGrowing, 20)) / 128 }),
})
