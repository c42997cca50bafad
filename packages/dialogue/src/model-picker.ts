/** The card from which a model is chosen: pages of buttons, found by words. */
import { choicesOf, scopeOf } from './choices.ts'
import { type ModelList, modelLine, modelMark, type OfferedModel, searchModels } from './model-list.ts'
import { beginningOf, fillText, plainMarkdown } from './plain-markdown.ts'
import type { Button, Card, Memory } from './ports.ts'
import type { Texts } from './texts.ts'

/** Which page of which models the card shows. */
export interface PickerView {
  /** From 0. One behind the last is the last. */
  page: number
  /** The words that are looked for; '' shows all. */
  query: string
}

/** What a button of the card asks for. */
export type PickerPress =
  | { kind: 'page'; view: PickerView }
  | { kind: 'choose'; mark: string; view: PickerView }
  | { kind: 'default'; view: PickerView }
  | { kind: 'close' }

const PER_PAGE = 8
/** Below a phone's message a button has room for so many characters. */
const BUTTON_CHARACTERS = 40
/** What is left of a button's 64 bytes beside `model:<mark>:<page>:`. */
const QUERY_BYTES = 40

/** The words that are looked for, as far as a button can carry them. */
export function pickerQuery(text: string): string {
  let query = ''
  for (const letter of text.toLowerCase().trim().replace(/\s+/g, ' ')) {
    if (Buffer.byteLength(query + letter) > QUERY_BYTES) break
    query += letter
  }
  return query.trim()
}

/** What the data of a button asks for; undefined for the data of other buttons. */
export function readPickerPress(data: string): PickerPress | undefined {
  const [, what = '', page = '', query = ''] = /^model:([\w-]+)(?::(\d{1,3}):(.*))?$/s.exec(data) ?? []
  const view = { page: Number(page), query }
  if (what === 'close') return { kind: 'close' }
  if (what === '' || page === '') return undefined
  if (what === 'page' || what === 'default') return { kind: what, view }
  return { kind: 'choose', mark: what, view }
}

/** The card; `offered`: what can be chosen. Whoever may not choose gets it without buttons. */
export function pickerCard(options: {
  memory: Memory
  models: ModelList
  offered: readonly OfferedModel[]
  view: PickerView
  texts: Texts
}): Card {
  const { memory, models, offered, view, texts } = options
  const found = searchModels(offered, view.query)
  const shown = found.length > 0 ? found : offered
  const query = found.length > 0 ? view.query : ''
  const pages = Math.max(1, Math.ceil(shown.length / PER_PAGE))
  const page = Math.min(view.page, pages - 1)
  const onPage = shown.slice(page * PER_PAGE, (page + 1) * PER_PAGE)
  const current = choicesOf(memory).model ?? models.standard
  const data = (what: string, nth: number) => `model:${what}:${nth}:${query}`
  const rows: Button[][] = onPage.map(({ id, name }) => [
    {
      text: `${id === current ? '✓ ' : ''}${beginningOf(name, BUTTON_CHARACTERS)}`,
      callbackData: data(modelMark(id), page),
    },
  ])
  if (pages > 1) {
    rows.push([
      { text: '‹', callbackData: data('page', (page + pages - 1) % pages) },
      { text: `${page + 1} / ${pages}`, callbackData: 'model:here' },
      { text: '›', callbackData: data('page', (page + 1) % pages) },
    ])
  }
  rows.push([
    ...(hasOwnModel(memory) ? [{ text: texts.model.default, callbackData: data('default', page) }] : []),
    { text: texts.settings.back, callbackData: 'settings:open' },
    { text: texts.settings.close, callbackData: 'model:close' },
  ])
  const looked = view.query === '' ? [] : [foundLine({ count: found.length, query: view.query, texts })]
  return {
    markdown: [
      currentLine({ memory, models, offered, texts }),
      [...looked, ...onPage.map((model) => `• ${modelLine(model, texts)}`)].join('\\\n'),
      texts.model.legend,
    ].join('\n\n'),
    keyboard: rows,
  }
}

/** Whether there is something to take back where changes go. */
function hasOwnModel(memory: Memory): boolean {
  const { model } = scopeOf(memory) === 'topic' ? memory.settings : choicesOf(memory)
  return model !== undefined
}

/** Which model answers, in Markdown. */
export function currentLine(options: {
  memory: Memory
  models: ModelList
  offered: readonly OfferedModel[] | undefined
  texts: Texts
}): string {
  const { memory, models, offered, texts } = options
  const id = choicesOf(memory).model ?? models.standard
  const name = offered?.find((model) => model.id === id)?.name ?? id
  const scope = scopeOf(memory)
  const line = fillText(texts.model.answers, { name: plainMarkdown(name) })
  return scope === undefined ? line : `${line} ${texts.settings.changesGo[scope]}`
}

function foundLine({ count, query, texts }: { count: number; query: string; texts: Texts }): string {
  const text = count === 0 ? texts.model.noneFound : texts.model.found
  return fillText(text, { count: String(count), query: plainMarkdown(query) })
}
