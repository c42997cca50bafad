/** `/usage`: what who asks has used of models, and what is left of it. */
import type { Composer } from 'telegraf'
import { fillText } from './plain-markdown.ts'
import type { Usage, Used } from './ports.ts'
import type { TextBook, Texts } from './texts.ts'
import type { TurnContext } from './turn-context.ts'

/** Adds the command to `assistant`. */
export function addUsage(assistant: Composer<TurnContext>, book: TextBook): void {
  assistant.command('usage', async ({ turn }) => {
    const texts = book.of(turn.memory)
    const language = turn.memory.settings.language ?? 'en'
    const { user, chat } = await turn.usage()
    const parts = [
      [texts.usage.own, ...linesOf(user, texts, language)],
      ...(chat ? [[texts.usage.chat, ...linesOf(chat, texts, language)]] : []),
    ]
    turn.reply(parts.map((lines) => lines.join('\n')).join('\n\n'), { command: true })
  })
}

function linesOf({ day, month }: Usage, { usage }: Texts, language: string): string[] {
  return [
    fillText(usage.today, { used: usedText(day, usage, language) }),
    fillText(usage.month, { used: usedText(month, usage, language) }),
  ]
}

function usedText(used: Used, { of, tokens }: Texts['usage'], language: string): string {
  const whole = (count: number) => count.toLocaleString(language)
  const money = (usd: number) =>
    `$${usd.toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 4 })}`
  const ofMost = (text: string, most: string | undefined) =>
    most === undefined ? text : fillText(of, { used: text, most })
  return [
    fillText(tokens, {
      count: ofMost(whole(used.tokens), used.mostTokens === undefined ? undefined : whole(used.mostTokens)),
    }),
    ofMost(money(used.usd), used.mostUsd === undefined ? undefined : money(used.mostUsd)),
  ].join(', ')
}
