/** Writes Markdown as a language model would, about what it was asked and what it was given. */
import { type Phrases, phrasesFor } from './chat-phrases.ts'
import type { Question } from './options.ts'
import { lastUserText, textOf } from './prompt.ts'
import { pickFrom } from './random.ts'

const QUOTED_CHARS = 120

/**
 * A pleasant answer in the language of the last user message. It quotes that message and says how many earlier messages
 * of the conversation it was given; asked for code, a list or something long, it gives that.
 */
export function chatAnswer({ model, messages, random }: Question): string {
  const asked = lastUserText(messages)
  const phrases = phrasesFor(asked)
  const talk = messages.filter((message) => message.role === 'user' || message.role === 'assistant')
  const earlier = Math.max(0, talk.length - 1)
  const parts = [
    `${pickFrom(phrases.openings, random)} ${phrases.asked(`**${quote(asked)}**`)}`,
    earlier === 0 ? phrases.fresh : phrases.remembers(earlier, quote(textOf(talk[0]))),
    ...bodyFor(asked, phrases, random),
    pickFrom(phrases.closings, random),
    `_${phrases.signature(model)}_`,
  ]
  return parts.join('\n\n')
}

function bodyFor(asked: string, phrases: Phrases, random: () => number): string[] {
  if (phrases.wantsLong.test(asked)) return longBody(phrases)
  if (phrases.wantsCode.test(asked)) return [phrases.codeIntro, phrases.code]
  if (phrases.wantsList.test(asked)) return [phrases.listIntro, phrases.list]
  return pickFrom(
    [
      [phrases.listIntro, phrases.list],
      [phrases.codeIntro, phrases.code],
      [pickFrom(phrases.thoughts, random), phrases.listIntro, phrases.list],
      [pickFrom(phrases.thoughts, random), phrases.quote],
      [pickFrom(phrases.thoughts, random)],
    ],
    random,
  )
}

/** Long enough for two of Telegram's messages. */
function longBody(phrases: Phrases): string[] {
  const sections: string[] = []
  for (let number = 1; number <= 12; number += 1) {
    sections.push(`## ${phrases.section(number)}`, phrases.thoughts.join(' '))
    if (number % 3 === 0) sections.push(phrases.code)
    if (number % 4 === 0) sections.push(phrases.list)
  }
  return sections
}

/** One line, short, without what would change the Markdown around it. */
function quote(text: string): string {
  const line = text.replace(/[\s*_`[\]<>~|]+/g, ' ').trim()
  const points = [...line]
  return points.length > QUOTED_CHARS ? `${points.slice(0, QUOTED_CHARS).join('')}…` : line || '…'
}
