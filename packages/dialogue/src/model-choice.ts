/** `/model`: which model answers in a chat. */
import type { Composer } from 'telegraf'
import { choicesOf, scopeOf, withChoice, withoutChoice } from './choices.ts'
import { type ModelList, modelMark, type OfferedModel } from './model-list.ts'
import { currentLine, type PickerPress, type PickerView, pickerCard, pickerQuery } from './model-picker.ts'
import { fillText, plainMarkdown } from './plain-markdown.ts'
import type { Card, Memory, TurnPort } from './ports.ts'
import type { PressOutcome, PressSetting } from './press-outcome.ts'
import type { TextBook, Texts } from './texts.ts'
import type { TurnContext } from './turn-context.ts'

const FIRST: PickerView = { page: 0, query: '' }

/** Adds the command to `assistant`: with an id it chooses, with other words it searches. */
export function addModelChoice(
  assistant: Composer<TurnContext>,
  { models, texts: book }: { models: ModelList; texts: TextBook },
): void {
  assistant.command('model', async ({ turn, chat, payload }) => {
    const texts = book.of(turn.memory)
    const offered = await models.offered()
    const said = payload.trim()
    if (!models.isOpen || !offered) {
      const why = models.isOpen ? texts.model.listUnknown : texts.model.onlyOne
      const line = currentLine({ memory: turn.memory, models, offered, texts })
      return turn.reply(`${line}\n\n${why}`, { command: true })
    }
    if (chat.type !== 'private' && !(await turn.isAdministrator())) {
      const line = currentLine({ memory: turn.memory, models, offered, texts })
      return turn.reply(`${line}\n\n${texts.onlyAdministratorsChoose}`, { command: true })
    }
    if (said.toLowerCase() === 'default') return choose(turn, { id: undefined, models, offered, texts })
    const named = offered.find(({ id }) => id.toLowerCase() === said.toLowerCase())
    if (named) return choose(turn, { id: named.id, models, offered, texts })
    const view = { page: 0, query: pickerQuery(said) }
    const { markdown, keyboard } = pickerCard({ memory: turn.memory, models, offered, view, texts })
    turn.reply(markdown, { command: true, keyboard })
  })
}

function choose(
  turn: TurnPort,
  options: { id: string | undefined; models: ModelList; offered: readonly OfferedModel[]; texts: Texts },
): void {
  turn.memory = withModel(turn.memory, options.id, options.models)
  turn.reply(currentLine({ memory: turn.memory, ...options }), { command: true })
}

/** What a press of the picker's buttons does. */
export async function pressPicker(press: PickerPress, setting: PressSetting): Promise<PressOutcome> {
  const { models, texts } = setting
  const offered = await models.offered()
  if (!models.isOpen || !offered)
    return { notice: models.isOpen ? texts.model.listUnknown : texts.settings.stale }
  const picker = (view: PickerView) => (memory: Memory) =>
    pickerCard({ memory, models, offered, view, texts })
  switch (press.kind) {
    case 'close':
      return { card: (memory) => closed(currentLine({ memory, models, offered, texts })) }
    case 'page':
      return { card: picker(press.view) }
    case 'default':
      return {
        change: (memory) => withModel(memory, undefined, models),
        notice: texts.model.isDefault,
        card: picker(press.view),
      }
    case 'choose': {
      const chosen = offered.find(({ id }) => modelMark(id) === press.mark)
      if (!chosen) return { notice: texts.model.notOffered, card: picker(FIRST) }
      return {
        change: (memory) => withModel(memory, chosen.id, models),
        notice: fillText(texts.model.chosen, { name: chosen.name }),
        card: picker(press.view),
      }
    }
  }
}

/** The picker's first page, for whoever comes from elsewhere. */
export function openPicker(setting: PressSetting): Promise<PressOutcome> {
  return pressPicker({ kind: 'page', view: FIRST }, setting)
}

/** A model that is no longer offered gives way to the default one, and that is said. */
export async function giveUpGoneModel(turn: TurnPort, models: ModelList, book: TextBook): Promise<void> {
  const { model } = choicesOf(turn.memory)
  if (model === undefined || model === models.standard) return
  const offered = await models.offered()
  if (!offered || offered.some(({ id }) => id === model)) return
  turn.memory = withoutChoice(turn.memory, 'model', model)
  const text = fillText(book.of(turn.memory).model.gone, { name: plainMarkdown(model) })
  turn.reply(text, { command: true, aside: true })
  // Under the topic's there may be the whole chat's, which may be gone too.
  return giveUpGoneModel(turn, models, book)
}

/** In a topic the default model is a choice, too, where the whole chat has another. */
function withModel(memory: Memory, id: string | undefined, models: ModelList): Memory {
  const isBelowAnother = scopeOf(memory) === 'topic' && memory.chatSettings?.model !== undefined
  return withChoice(memory, 'model', id === models.standard && !isBelowAnother ? undefined : id)
}

function closed(markdown: string): Card {
  return { markdown, keyboard: [] }
}
