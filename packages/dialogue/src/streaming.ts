/** `/stream`: how replies are shown while the model speaks. */
import type { Composer } from 'telegraf'
import { choicesOf, withChoice } from './choices.ts'
import type { StreamingMode } from './ports.ts'
import type { TextBook } from './texts.ts'
import type { TurnContext } from './turn-context.ts'

/** The mode of a chat: what it has chosen, else the deployment's; a draft outside of a private chat becomes an edit. */
export function streamingOf(options: {
  chosen: StreamingMode | undefined
  standard: StreamingMode
  isPrivate: boolean
}): StreamingMode {
  const mode = options.chosen ?? options.standard
  return mode === 'draft' && !options.isPrivate ? 'edit' : mode
}

/** Adds the command to `assistant`. `standard`: the deployment's mode. */
export function addStreamingChoice(
  assistant: Composer<TurnContext>,
  { standard, texts: book }: { standard: StreamingMode; texts: TextBook },
): void {
  assistant.command('stream', async ({ turn, chat, payload }) => {
    const texts = book.of(turn.memory)
    const isPrivate = chat.type === 'private'
    const answer = (text: string) => turn.reply(text, { command: true })
    const wanted = modeIn(payload)
    if (!wanted) {
      const mode = streamingOf({ chosen: choicesOf(turn.memory).streaming, standard, isPrivate })
      return answer(`${texts.streaming[mode]}\n\n${texts.streamingChoices}`)
    }
    if (wanted === 'draft' && !isPrivate) return answer(texts.draftsArePrivate)
    if (!isPrivate && !(await turn.isAdministrator())) return answer(texts.onlyAdministratorsChoose)
    turn.memory = withChoice(turn.memory, 'streaming', wanted)
    answer(texts.streaming[wanted])
  })
}

function modeIn(payload: string): StreamingMode | undefined {
  const word = payload.trim().toLowerCase()
  return word === 'edit' || word === 'off' || word === 'draft' ? word : undefined
}
