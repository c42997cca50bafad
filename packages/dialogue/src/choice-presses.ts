/** Presses of buttons that choose something for a chat: whichever worker and lane they come to, kept at once. */
import { isDeepStrictEqual } from 'node:util'
import type { Composer } from 'telegraf'
import { isAllowed, type UserLists } from './allowed-users.ts'
import { languageOf } from './language.ts'
import { pressPicker } from './model-choice.ts'
import { readPickerPress } from './model-picker.ts'
import type { Card, Memory, PressedCard } from './ports.ts'
import type { ChoiceSettings, PressOutcome, PressSetting } from './press-outcome.ts'
import { pressSettings, readSettingsPress } from './settings-card.ts'
import { pressPrompt, readPromptPress } from './system-prompt.ts'
import type { TextBook } from './texts.ts'
import type { TurnContext } from './turn-context.ts'

/** Adds the presses to `assistant`; those of other buttons pass through. */
export function addChoicePresses(
  assistant: Composer<TurnContext>,
  settings: ChoiceSettings & UserLists & { texts: TextBook; now?: () => number },
): void {
  const { texts: book, now = Date.now } = settings
  assistant.on('callback_query', async ({ turn, from, update }, next) => {
    const { press } = turn
    const act = press && actionOf(press.data)
    if (!press || !act) return next()
    const texts = book.in(languageOf(from.language_code))
    const { card } = press
    if (!card) return press.answer(texts.settings.stale)
    if (!isAllowed(settings, from.id)) return press.answer(texts.notAllowed)
    if (!(await card.mayChoose())) return press.answer(texts.onlyAdministratorsChoose)
    const memory = await card.memory()
    const who = { userId: from.id, updateId: update.update_id, nowSeconds: Math.floor(now() / 1000) }
    const outcome = await act({ ...settings, ...who, texts, memory, isPrivate: card.isPrivate })
    const after = outcome.change ? await card.change(memory, outcome.change(memory)) : memory
    await press.answer(outcome.notice ?? '')
    if (outcome.card) await showCard(card, { draw: outcome.card, memory: after })
  })
}

/** Another user's press may be done meanwhile: two changes of one message need not leave in the order of what they show. */
const MOST_DRAWINGS = 5

/** Shows the card until what it shows is what holds: whoever is the last to draw has seen every change. */
async function showCard(
  card: PressedCard,
  { draw, memory }: { draw(memory: Memory): Card; memory: Memory },
): Promise<void> {
  let drawn = draw(memory)
  for (let drawings = 1; ; drawings++) {
    await card.show(drawn)
    const now = draw(await card.memory())
    if (drawings === MOST_DRAWINGS || isDeepStrictEqual(now, drawn)) return
    drawn = now
  }
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
