/** `/settings`: what holds in a chat, and buttons that lead to each setting. */
import type { Composer } from 'telegraf'
import { choicesOf, scopeOf, withChoice, withScope } from './choices.ts'
import { openPicker } from './model-choice.ts'
import { beginningOf, fillText, plainMarkdown } from './plain-markdown.ts'
import type { Button, Card, Memory, StreamingMode } from './ports.ts'
import type { ChoiceSettings, PressOutcome, PressSetting } from './press-outcome.ts'
import { streamingOf } from './streaming.ts'
import type { TextBook, Texts } from './texts.ts'
import type { TurnContext } from './turn-context.ts'

const PROMPT_CHARACTERS = 80
const MODES: readonly StreamingMode[] = ['edit', 'off', 'draft']

/** What a button of the card asks for. */
export type SettingsPress =
  | { kind: 'open' | 'close' | 'models' | 'modes' }
  | { kind: 'mode'; mode: StreamingMode }
  | { kind: 'scope'; scope: 'topic' | 'chat' }

/** What the card is made of. */
interface Shown {
  memory: Memory
  /** Names of the models by their ids, as far as they are known. */
  modelName: string
  isPrivate: boolean
  texts: Texts
}

/** Adds the command to `assistant`. Whoever may not choose gets the card without buttons. */
export function addSettingsCard(
  assistant: Composer<TurnContext>,
  { texts: book, ...settings }: ChoiceSettings & { texts: TextBook },
): void {
  assistant.command('settings', async ({ turn, chat }) => {
    const texts = book.of(turn.memory)
    const isPrivate = chat.type === 'private'
    const modelName = await modelNameOf(turn.memory, settings)
    const card = settingsCard({ memory: turn.memory, modelName, isPrivate, texts }, settings)
    if (isPrivate || (await turn.isAdministrator()))
      return turn.reply(card.markdown, { command: true, keyboard: card.keyboard })
    turn.reply(`${card.markdown}\n\n${texts.onlyAdministratorsChoose}`, { command: true })
  })
}

/** What the data of a button asks for; undefined for the data of other buttons. */
export function readSettingsPress(data: string): SettingsPress | undefined {
  const [, what, value] = /^settings:(\w+)(?::(\w+))?$/.exec(data) ?? []
  const mode = MODES.find((each) => each === value)
  if (what === 'mode') return mode && { kind: 'mode', mode }
  if (what === 'scope')
    return value === 'topic' || value === 'chat' ? { kind: 'scope', scope: value } : undefined
  return what === 'open' || what === 'close' || what === 'models' || what === 'modes'
    ? { kind: what }
    : undefined
}

/** What a press of the card's buttons does. */
export async function pressSettings(press: SettingsPress, setting: PressSetting): Promise<PressOutcome> {
  const { texts, isPrivate, streaming } = setting
  const names = new Map((await setting.models.offered())?.map(({ id, name }) => [id, name]))
  const card = (memory: Memory) => {
    const id = choicesOf(memory).model ?? setting.models.standard
    return settingsCard({ memory, modelName: names.get(id) ?? id, isPrivate, texts }, setting)
  }
  switch (press.kind) {
    case 'open':
      return { card }
    case 'close':
      return { card: (memory) => ({ markdown: card(memory).markdown, keyboard: [] }) }
    case 'models':
      return openPicker(setting)
    case 'modes':
      return { card: (memory) => modesCard(memory, { isPrivate, streaming, texts }) }
    case 'mode':
      if (press.mode === 'draft' && !isPrivate) return { notice: texts.draftsArePrivate }
      return { change: (memory) => withChoice(memory, 'streaming', press.mode), card }
    case 'scope':
      return { change: (memory) => withScope(memory, press.scope), card }
  }
}

async function modelNameOf(memory: Memory, { models }: ChoiceSettings): Promise<string> {
  const id = choicesOf(memory).model ?? models.standard
  return (await models.offered())?.find((model) => model.id === id)?.name ?? id
}

function settingsCard({ memory, modelName, isPrivate, texts }: Shown, settings: ChoiceSettings): Card {
  const { systemPrompt, streaming } = choicesOf(memory)
  const mode = streamingOf({ chosen: streaming, standard: settings.streaming, isPrivate })
  const scope = scopeOf(memory)
  const prompt =
    systemPrompt === undefined
      ? texts.settings.promptDefault
      : fillText(texts.settings.promptOwn, {
          beginning: plainMarkdown(beginningOf(systemPrompt, PROMPT_CHARACTERS)),
        })
  return {
    markdown: [
      `**${texts.settings.title}**`,
      fillText(texts.settings.model, { name: plainMarkdown(modelName) }),
      ...(settings.isSystemPromptFixed ? [] : [prompt]),
      texts.streaming[mode],
      ...(scope === undefined ? [] : [texts.settings.changesGo[scope]]),
    ].join('\n\n'),
    keyboard: settingsKeyboard(memory, { settings, texts }),
  }
}

function settingsKeyboard(
  memory: Memory,
  { settings, texts }: { settings: ChoiceSettings; texts: Texts },
): Button[][] {
  const { buttons } = texts.settings
  const scope = scopeOf(memory)
  return [
    ...(settings.models.isOpen ? [[{ text: buttons.model, callbackData: 'settings:models' }]] : []),
    ...(settings.isSystemPromptFixed ? [] : [[{ text: buttons.prompt, callbackData: 'system:ask' }]]),
    [{ text: buttons.streaming, callbackData: 'settings:modes' }],
    ...(scope === undefined
      ? []
      : [
          (['topic', 'chat'] as const).map((each) => ({
            text: `${each === scope ? '✓ ' : ''}${buttons[each]}`,
            callbackData: `settings:scope:${each}`,
          })),
        ]),
    [{ text: texts.settings.close, callbackData: 'settings:close' }],
  ]
}

function modesCard(
  memory: Memory,
  options: { isPrivate: boolean; streaming: StreamingMode; texts: Texts },
): Card {
  const { isPrivate, streaming: standard, texts } = options
  const now = streamingOf({ chosen: choicesOf(memory).streaming, standard, isPrivate })
  return {
    markdown: texts.streaming[now],
    keyboard: [
      ...MODES.filter((mode) => mode !== 'draft' || isPrivate).map((mode) => [
        {
          text: `${mode === now ? '✓ ' : ''}${texts.settings.modes[mode]}`,
          callbackData: `settings:mode:${mode}`,
        },
      ]),
      [{ text: texts.settings.back, callbackData: 'settings:open' }],
    ],
  }
}
