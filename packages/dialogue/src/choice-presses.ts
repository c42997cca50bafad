/** Presses of buttons that choose something for a chat: whichever worker and lane they come to, kept at once. */
import type { Composer } from 'telegraf'
import { languageOf } from './language.ts'
import { pressPicker } from './model-choice.ts'
import { readPickerPress } from './model-picker.ts'
import type { ChoiceSettings, PressOutcome, PressSetting } from './press-outcome.ts'
import { pressSettings, readSettingsPress } from './settings-card.ts'
import { pressPrompt, readPromptPress } from './system-prompt.ts'
import type { TextBook } from './texts.ts'
import type { TurnContext } from './turn-context.ts'

/** Adds the presses to `assistant`; those of other buttons pass through. */
export function addChoicePresses(
  assistant: Composer<TurnContext>,
  settings: ChoiceSettings & { texts: TextBook; allowedUsers: ReadonlySet<string>; now?: () => number },
): void {
  const { texts: book, allowedUsers, now = Date.now } = settings
  assistant.on('callback_query', async ({ turn, from, update }, next) => {
    const { press } = turn
    const act = press && actionOf(press.data)
    if (!press || !act) return next()
    const texts = book.in(languageOf(from.language_code))
    const { card } = press
    if (!card) return press.answer(texts.settings.stale)
    if (allowedUsers.size > 0 && !allowedUsers.has(String(from.id))) return press.answer(texts.notAllowed)
    if (!(await card.mayChoose())) return press.answer(texts.onlyAdministratorsChoose)
    const memory = await card.memory()
    const who = { userId: from.id, updateId: update.update_id, nowSeconds: Math.floor(now() / 1000) }
    const outcome = await act({ ...settings, ...who, texts, memory, isPrivate: card.isPrivate })
    const after = outcome.change ? await card.change(memory, outcome.change(memory)) : memory
    await press.answer(outcome.notice ?? '')
    if (outcome.card) await card.show(outcome.card(after))
  })
}

function actionOf(
  data: string,
): ((setting: PressSetting) => PressOutcome | Promise<PressOutcome>) | undefined {
  const picked = readPickerPress(data)
  if (picked) return (setting) => pressPicker(picked, setting)
  const prompted = readPromptPress(data)
  if (prompted) return (setting) => pressPrompt(prompted, setting)
  const set = readSettingsPress(data)
  return set && ((setting) => pressSettings(set, setting))
}
