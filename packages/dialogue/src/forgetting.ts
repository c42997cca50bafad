/** `/forget`: erases everything about the chat, in all of its topics. */
import type { Composer } from 'telegraf'
import type { TextBook } from './texts.ts'
import type { TurnContext } from './turn-context.ts'

/** Adds the command to `assistant`. In a group it is the administrators'. */
export function addForgetting(assistant: Composer<TurnContext>, book: TextBook): void {
  assistant.command('forget', async ({ turn, chat }) => {
    const texts = book.of(turn.memory)
    if (chat.type !== 'private' && !(await turn.isAdministrator())) {
      return turn.reply(texts.onlyAdministratorsForget, { command: true })
    }
    await turn.forget(texts.forgotten)
  })
}
