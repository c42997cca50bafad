/** What the model was asked, and what users saw, as texts that people can write and read. */
import type { RequestRecord, TelegramSimulator } from '@chatlane/simulators'
import { looksOf } from '../examples/message-line.ts'

/** Long answers by names that stand for them. How much of one that was stopped was said, nobody can write down. */
type LongAnswers = Record<string, string>

/** The chats by their names, each with every message that is there in the end. */
export function screenText(
  telegram: TelegramSimulator,
  { chats, long }: { chats: Record<string, number>; long: LongAnswers },
): string {
  const parts = Object.entries(chats).map(([name, chat]) => {
    const lines = telegram.messages(chat).map(({ message }) => {
      const said = message.text ?? message.caption ?? ''
      const text = named(withoutFigures(said), long)
      // What is in a topic replies to the topic's own beginning, which says nothing.
      return looksOf(text === said ? message : { ...message, text }).replace(' ↩ “”', '')
    })
    return `== ${name} ==\n${lines.join('\n')}\n`
  })
  return parts.join('\n')
}

/**
 * Every request, whole; users and sessions by the order in which they were first named. What is asked again in the same
 * words at once (a worker died over it) stands there once.
 */
export function requestsText(requests: readonly RequestRecord[], { long }: { long: LongAnswers }): string {
  const users = new Map<string, string>()
  const sessions = new Map<string, string>()
  const nameIn = (names: Map<string, string>, kind: string, hash = 'none') => {
    const name = names.get(hash) ?? `${kind} ${names.size + 1}`
    names.set(hash, name)
    return name
  }
  const texts = requests.map(({ model, fallbackModels, maxTokens, stream, messages, ...request }) => {
    const { modalities, plugins } = request
    const user = nameIn(users, 'user', request.user)
    const session = nameIn(sessions, 'session', request.sessionId)
    const models = [model, ...fallbackModels].join(', ')
    const head = [
      `# ${models}; ${stream ? 'streamed' : 'whole'}; at most ${maxTokens} tokens; ${user}; ${session}`,
      ...(modalities ? [`modalities ${modalities.join(', ')}`] : []),
      ...(plugins ? [`plugins ${JSON.stringify(plugins)}`] : []),
    ].join('; ')
    const lines = messages.map(({ role, content }) => `${role}: ${contentText(content, long)}`)
    return `${[head, ...lines].join('\n')}\n`
  })
  const isAskedAgain = (nth: number) => requests[nth]?.state === 'aborted' && texts[nth] === texts[nth + 1]
  return texts.filter((_, nth) => !isAskedAgain(nth)).join('\n')
}

function contentText(content: unknown, long: LongAnswers): string {
  const parts = Array.isArray(content)
    ? content.map((part) => partText(part, long))
    : [named(String(content), long)]
  return parts.join(' + ').replaceAll('\n', ' / ')
}

function partText(part: { type: string; text?: string }, long: LongAnswers): string {
  return part.type === 'text' ? `“${named(part.text ?? '', long)}”` : JSON.stringify(part)
}

/** What was used depends on how much of an answer came before its worker died, what has room on what was learned. */
function withoutFigures(text: string): string {
  return text
    .replace(/токены: [\d\s]+, \$[\d,]+/g, 'токены: …, $…')
    .replace(/примерно [\d\s]+ из/, 'примерно … из')
    .replaceAll(/[\u00a0\u202f]/g, ' ')
}

function named(text: string, long: LongAnswers): string {
  for (const [name, whole] of Object.entries(long)) {
    if (text === whole) return `(the whole ${name})`
    if (text.length > 10 && whole.startsWith(text)) return `(the beginning of the ${name})`
    if (text.length > 10 && whole.endsWith(text)) return `(the end of the ${name})`
  }
  return text
}
