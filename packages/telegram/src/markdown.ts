// Turns a model's Markdown into a Telegram message: text and entities, never a markup that could be refused.
import type { FormattedText } from './formatted-text.ts'
import { parseMarkdown } from './markdown-grammar.ts'
import { MarkdownRenderer } from './markdown-renderer.ts'
import { cleanText } from './text-builder.ts'

/**
 * Renders Markdown of any length and shape: bold, italic, strikethrough, `||spoiler||`, links, code, lists, tasks,
 * quotes, headings (bold), tables (aligned, else as `header: value`), images (as links). HTML and LaTeX remain text.
 * Blank lines are as in the source, none is doubled. Time is linear in the length; it throws nothing.
 */
export function renderMarkdown(markdown: string): FormattedText {
  const renderer = new MarkdownRenderer()
  renderer.render(parseMarkdown(cleanText(markdown)))
  return renderer.build()
}
