/** Answers as long as models give them, the same for the same question, and what a reader must see of them. */
import type { Question } from '@chatlane/simulators'
import { cutPages, type FormattedText, renderMarkdown } from '@chatlane/telegram'

type AnswerTo = (question: Question) => string

const PARTS = [
  (n: number) =>
    `## Part ${n}: what to know\n\nThis is **part ${n}** of the answer, with \`code_${n}\` in it.`,
  (n: number) => `- first of ${n}\n- second of ${n}, *with stress*\n  - below it\n- third of ${n}`,
  (n: number) => `\`\`\`python\ndef part_${n}(x):\n    return x * ${n}\n\`\`\``,
  (n: number) => `> Whoever reads part ${n} knows [where](https://example.com/p_(${n})) it leads.`,
  (n: number) =>
    `Some plain sentences end part ${n}. They say little, at some length, and then they are over.`,
]

/** An answer of about `units` characters to the last message, which it names; not who said it, in a group. */
export function longAnswer(units: number): AnswerTo {
  return ({ messages }) => answerText(String(messages.at(-1)?.content).replace(/^⟦from .*⟧\n/, ''), units)
}

/** The pages that a reader of the answer must see in the end. */
export function pagesOf(question: string, units: number): FormattedText[] {
  return cutPages(renderMarkdown(answerText(question, units)))
}

function answerText(question: string, units: number): string {
  let text = `Answer to **${question}**.`
  for (let n = 1; text.length < units; n++) text += `\n\n${PARTS[n % PARTS.length]?.(n)}`
  return text
}
