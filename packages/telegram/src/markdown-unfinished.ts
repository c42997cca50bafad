// Shows a model's Markdown while it is still being written.
import type { FormattedText } from './formatted-text.ts'
import { createLiveRendering } from './live-rendering.ts'

/**
 * Renders what a model has written so far. No half of a mark shows: what may still get another meaning by what comes
 * next (`**`, `[text](ht`, a fence's first line, a row, a lone `-`) is held back, up to 200 units of a paragraph;
 * marks that have been open for longer are taken as closed at the end. As a text grows, so does what is shown of it;
 * only its last block may change, when it turns out to be a table or the like. The whole text shows as
 * `renderMarkdown` shows it, but for marks that it leaves open at its end.
 */
export function renderUnfinished(markdown: string): FormattedText {
  return createLiveRendering().show(markdown)
}
