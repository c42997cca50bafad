/** The commands that change or explain the conversation without the model. */
import type { Composer } from 'telegraf'
import { helpText } from './command-list.ts'
import type { TextBook } from './texts.ts'
import type { TurnContext } from './turn-context.ts'

/** Adds `/start`, `/help` and `/new` to `assistant`. */
export function addCommands(assistant: Composer<TurnContext>, texts: TextBook): void {
  assistant.start(({ turn }) => {
    turn.memory = { ...turn.memory, state: 'waiting-for-input' }
    turn.reply(texts.of(turn.memory).greeting, { command: true })
  })
  assistant.help(({ turn }) => turn.reply(helpText(texts.of(turn.memory)), { command: true }))
  assistant.command('new', ({ turn }) => {
    const { asked: _, ...memory } = turn.memory
    const { generation } = memory.context
    turn.memory = {
      ...memory,
      state: 'waiting-for-input',
      context: { generation: generation + 1, messages: [] },
    }
    turn.reply(texts.of(turn.memory).begunAnew, { command: true })
  })
}

/** Adds the answer to every command that was not known before it. */
export function addUnknownCommand(assistant: Composer<TurnContext>, texts: TextBook): void {
  assistant.command(/.+/, ({ turn }) => turn.reply(texts.of(turn.memory).unknownCommand, { command: true }))
}
