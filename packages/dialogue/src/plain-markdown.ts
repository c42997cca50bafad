/** Texts of people and of OpenRouter as Markdown that shows them as they are. */

/** Markdown that shows `text`, in one line, without anything in it meaning anything. */
export function plainMarkdown(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  // A bracket with a backslash before it would begin a formula; without its closing one it is no link.
  return line.replace(/[!-'*-/:-@\\-`{-~]/g, '\\$&').replace(/^(\d+)\)/, '$1\\)')
}

/** Markdown that shows `text` as a quotation, line by line. */
export function quoteMarkdown(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${plainMarkdown(line)}`)
    .join('\n')
}

/** `text` with `{name}` replaced by the value of that name; names without a value stay. */
export function fillText(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** The beginning of `text` in one line, of at most `most` characters, with an ellipsis where there was more. */
export function beginningOf(text: string, most: number): string {
  const letters = Array.from(text.replace(/\s+/g, ' ').trim())
  return letters.length <= most ? letters.join('') : `${letters.slice(0, most - 1).join('')}…`
}
