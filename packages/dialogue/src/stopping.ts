/** What is said to who stops an answer. The stopping itself is done by whoever runs the turn, before this is reached. */
import type { Composer } from 'telegraf'
import { languageOf } from './language.ts'
import type { ButtonPress } from './ports.ts'
import type { TextBook, Texts } from './texts.ts'
import type { TurnContext } from './turn-context.ts'

/** What the Stop button of the turn `stream` carries; the gateway reads it too. */
export function stopData(stream: string): string {
  return `stop:${stream}`
}

/** Adds `/stop` to `assistant`: its turn comes after the one that it stopped. */
export function addStopCommand(assistant: Composer<TurnContext>, book: TextBook): void {
  assistant.command('stop', ({ turn, update }) => {
    const texts = book.of(turn.memory)
    const hasStopped = turn.memory.stoppedBy === update.update_id
    turn.reply(hasStopped ? texts.stopped : texts.nothingToStop, { command: true })
  })
}

/** Adds presses of buttons to `assistant`. A press waits behind no turn of the chat, and does not change its memory. */
export function addButtonPresses(assistant: Composer<TurnContext>, book: TextBook): void {
  assistant.on('callback_query', async (ctx) => {
    const { press } = ctx.turn
    if (!press) return
    const stream = /^stop:(\d+r*)$/.exec(press.data)?.[1]
    if (stream === undefined) return press.answer('')
    await answerStopPress(press, stream, book.in(languageOf(ctx.from.language_code)))
  })
}

async function answerStopPress(press: ButtonPress, stream: string, texts: Texts): Promise<void> {
  if (await press.isRunning(stream)) {
    return press.answer((await press.mayStop(stream)) ? texts.stopping : texts.onlyAuthorStops)
  }
  if (await press.hasStopped()) return press.answer(texts.stopped)
  // A button whose turn is over was left behind by a worker that died: it would stay for ever.
  await press.answer(texts.alreadyDone)
  await press.removeMessage()
}
