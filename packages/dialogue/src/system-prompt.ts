/** `/system`: what the model is told before the conversation of a chat. It waits for the next message as its text. */
import type { Composer } from 'telegraf'
import { choicesOf, scopeOf, withChoice } from './choices.ts'
import { fillText, quoteMarkdown } from './plain-markdown.ts'
import type { Button, Card, Memory, TurnPort } from './ports.ts'
import type { ChoiceSettings, PressOutcome, PressSetting } from './press-outcome.ts'
import type { TextBook, Texts } from './texts.ts'
import type { TurnContext } from './turn-context.ts'

/** For so long the text is waited for: the times of the updates count, nothing is scheduled. */
const WAIT_SECONDS = 600
/** With what is said about it, it still fits into one message. */
const MOST_UNITS = 3500

/** What is asked, and by whom. */
interface Asking {
  fromUserId: number
  atSeconds: number
  askedBy: number
}

type SystemPromptSettings = Pick<ChoiceSettings, 'isSystemPromptFixed' | 'contextMaxTokens'>

/** Adds the command, `/cancel`, and the text that was waited for to `assistant`. */
export function addSystemPrompt(
  assistant: Composer<TurnContext>,
  { texts: book, ...settings }: SystemPromptSettings & { texts: TextBook },
): void {
  assistant.command('cancel', ({ turn, from, message }) => {
    const texts = book.of(turn.memory)
    const isAwaited = isAwaitedFrom(turn.memory, from.id, message.date)
    if (isAwaited) turn.memory = withoutAwaited(turn.memory)
    turn.reply(isAwaited ? texts.system.cancelled : texts.system.nothingToCancel, { command: true })
  })
  assistant.on('message', async ({ turn, chat, from, message, me }, next) => {
    const { memory } = turn
    if (memory.awaited?.fromUserId !== from?.id || memory.awaited === undefined) return next()
    const isLate = message.date > memory.awaited.untilSeconds
    // Whoever gives a command has thought of something else.
    if (isLate || isCommand(message)) {
      turn.memory = withoutAwaited(memory)
      return next()
    }
    const texts = book.of(memory)
    const refusal = await refusalOf(turn, { isPrivate: chat.type === 'private', settings, texts })
    if (refusal !== undefined) {
      turn.memory = withoutAwaited(memory)
      return turn.reply(refusal, { command: true })
    }
    const text = turn.said
      .map((heard) => heard.text)
      .join('\n')
      .replace(new RegExp(`(^|\\s)@${me}\\b`, 'gi'), '$1')
    take(turn, { text, settings, texts })
  })
  assistant.command('system', async ({ turn, chat, from, message, payload, update }) => {
    const texts = book.of(turn.memory)
    const answer = (text: string) => turn.reply(text, { command: true })
    const isPrivate = chat.type === 'private'
    const refusal = await refusalOf(turn, { isPrivate, settings, texts })
    if (refusal !== undefined) return answer(refusal)
    const said = payload.trim()
    if (said.toLowerCase() === 'default') {
      turn.memory = withChoice(turn.memory, 'systemPrompt', undefined)
      return answer(promptLine(turn.memory, texts))
    }
    if (said !== '') return take(turn, { text: said, settings, texts })
    const asking = { fromUserId: from.id, atSeconds: message.date, askedBy: update.update_id }
    turn.memory = awaiting(turn.memory, asking)
    const { markdown, keyboard } = askCard(turn.memory, { isPrivate, texts })
    turn.reply(markdown, { command: true, keyboard })
  })
}

/** What a press of the card's buttons asks for; undefined for the data of other buttons. */
export function readPromptPress(data: string): 'ask' | 'default' | { cancel: number } | undefined {
  const [, what, askedBy] = /^system:(ask|default|cancel)(?::(\d+))?$/.exec(data) ?? []
  if (what === 'ask' || what === 'default') return what
  return what === 'cancel' && askedBy !== undefined ? { cancel: Number(askedBy) } : undefined
}

/** What a press of the card's buttons does. */
export function pressPrompt(
  press: NonNullable<ReturnType<typeof readPromptPress>>,
  setting: PressSetting,
): PressOutcome {
  const { memory, texts, isPrivate, userId, updateId, nowSeconds } = setting
  if (setting.isSystemPromptFixed) return { notice: texts.settings.stale }
  const isMine = memory.awaited?.fromUserId === userId
  if (press === 'ask') {
    const asking = { fromUserId: userId, atSeconds: nowSeconds, askedBy: updateId }
    return {
      change: (before) => awaiting(before, asking),
      card: (now) => askCard(now, { isPrivate, texts }),
    }
  }
  if (press === 'default') {
    return {
      change: (before) => withChoice(isMine ? withoutAwaited(before) : before, 'systemPrompt', undefined),
      card: (now) => ({ markdown: promptLine(now, texts), keyboard: [] }),
    }
  }
  if (memory.awaited?.askedBy !== press.cancel) {
    return { notice: texts.system.over, card: (now) => ({ markdown: promptLine(now, texts), keyboard: [] }) }
  }
  if (!isMine) return { notice: texts.system.askedAnother }
  return {
    change: (before) => (before.awaited?.askedBy === press.cancel ? withoutAwaited(before) : before),
    card: () => ({ markdown: texts.system.cancelled, keyboard: [] }),
  }
}

/** The chat's own system prompt, else the deployment's. */
export function systemPromptOf(
  memory: Memory,
  settings: { systemPrompt: string; isSystemPromptFixed?: boolean },
): string {
  const own = settings.isSystemPromptFixed ? undefined : choicesOf(memory).systemPrompt
  return own ?? settings.systemPrompt
}

/** Why who wrote may give no system prompt; undefined where they may. */
async function refusalOf(
  turn: TurnPort,
  { isPrivate, settings, texts }: { isPrivate: boolean; settings: SystemPromptSettings; texts: Texts },
): Promise<string | undefined> {
  if (settings.isSystemPromptFixed) return texts.system.fixed
  return isPrivate || (await turn.isAdministrator()) ? undefined : texts.onlyAdministratorsChoose
}

/** A text that is no system prompt is told of, and the next one is waited for. */
function take(
  turn: TurnPort,
  { text, settings, texts }: { text: string; settings: SystemPromptSettings; texts: Texts },
): void {
  const prompt = text.trim()
  const mostUnits = Math.min(MOST_UNITS, Math.floor(settings.contextMaxTokens / 2))
  const answer = (markdown: string) => turn.reply(markdown, { command: true })
  if (prompt === '') {
    answer(texts.system.textOnly)
    return
  }
  if (prompt.length > mostUnits) {
    const values = { most: String(mostUnits), length: String(prompt.length) }
    answer(fillText(texts.system.tooLong, values))
    return
  }
  turn.memory = withChoice(withoutAwaited(turn.memory), 'systemPrompt', prompt)
  answer([texts.system.set, scopeLine(turn.memory, texts)].filter(Boolean).join(' '))
}

function askCard(memory: Memory, { isPrivate, texts }: { isPrivate: boolean; texts: Texts }): Card {
  const isOwn = choicesOf(memory).systemPrompt !== undefined
  const buttons: Button[] = [
    { text: texts.system.cancel, callbackData: `system:cancel:${memory.awaited?.askedBy ?? 0}` },
  ]
  return {
    markdown: [promptLine(memory, texts), isPrivate ? texts.system.ask : texts.system.askInGroup].join(
      '\n\n',
    ),
    keyboard: [...(isOwn ? [[{ text: texts.system.default, callbackData: 'system:default' }]] : []), buttons],
  }
}

/** Which system prompt holds: the deployment's is its operator's business and not shown. */
function promptLine(memory: Memory, texts: Texts): string {
  const prompt = choicesOf(memory).systemPrompt
  const scope = scopeLine(memory, texts)
  const line =
    prompt === undefined ? texts.system.isDefault : `${texts.system.own}\n\n${quoteMarkdown(prompt)}`
  return scope === '' ? line : `${line}\n\n${scope}`
}

function scopeLine(memory: Memory, texts: Texts): string {
  const scope = scopeOf(memory)
  return scope === undefined ? '' : texts.settings.changesGo[scope]
}

function awaiting(memory: Memory, { fromUserId, atSeconds, askedBy }: Asking): Memory {
  const untilSeconds = atSeconds + WAIT_SECONDS
  return { ...memory, awaited: { kind: 'system-prompt', fromUserId, untilSeconds, askedBy } }
}

function withoutAwaited({ awaited: _, ...memory }: Memory): Memory {
  return memory
}

function isAwaitedFrom({ awaited }: Memory, userId: number, atSeconds: number): boolean {
  return awaited?.fromUserId === userId && atSeconds <= awaited.untilSeconds
}

function isCommand(message: object): boolean {
  const entities = 'entities' in message ? (message.entities as { type: string; offset: number }[]) : []
  return entities.some(({ type, offset }) => type === 'bot_command' && offset === 0)
}
