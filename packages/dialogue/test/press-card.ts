/** A press of a button of a card, without a worker: what it changed, showed and told is there to be read. */
import type { AssistantSettings } from '../src/assistant.ts'
import type { Card, Memory } from '../src/ports.ts'
import { runUpdate } from './open-turn.ts'

/** The memory of a chat in which nothing was said. */
export const EMPTY: Memory = {
  state: 'new',
  settings: { language: 'en' },
  context: { generation: 0, messages: [] },
}

/** A press as it comes. */
export interface CardPress {
  data: string
  memory?: Partial<Memory>
  language?: string
  userId?: number
  isPrivate?: boolean
  mayChoose?: boolean
  /** Whether the message still carries the button. */
  isShown?: boolean
  /** What somebody else's press makes of the memory while this one shows its card for the first time. */
  meanwhile?: (memory: Memory) => Memory
}

/** Lets the assistant answer the press. `memory`: as it is afterwards. */
export async function pressCard(press: CardPress, settings: Partial<AssistantSettings> = {}) {
  const { data, language = 'en', userId = 7, isPrivate = true, mayChoose = true, isShown = true } = press
  let memory: Memory = { ...EMPTY, ...press.memory }
  const notices: string[] = []
  const cards: Card[] = []
  const opened = await runUpdate(
    {
      callback_query: {
        id: '1',
        chat_instance: '1',
        from: { id: userId, is_bot: false, first_name: 'Anna', language_code: language },
        data,
      },
    },
    {
      addressed: false,
      press: {
        data,
        isRunning: async () => false,
        mayStop: async () => false,
        hasStopped: async () => false,
        removeMessage: async () => undefined,
        answer: async (text) => void notices.push(text),
        ...(isShown && {
          card: {
            isPrivate,
            mayChoose: async () => mayChoose,
            memory: async () => memory,
            change: async (_before, after) => {
              memory = after
              return memory
            },
            show: async (card) => {
              if (cards.length === 0) memory = press.meanwhile?.(memory) ?? memory
              cards.push(card)
            },
          },
        }),
      },
    },
    settings,
  )
  return { memory, notices, cards, replies: opened.replies }
}

/** The texts of a card's buttons, row by row. */
export const buttonsOf = ({ keyboard = [] }: Partial<Card>) =>
  keyboard.map((row) => row.map(({ text }) => text))

/** The data of the button with this text. */
export function dataOf({ keyboard = [] }: Partial<Card>, text: string): string {
  const button = keyboard.flat().find((each) => each.text === text)
  if (!button || !('callbackData' in button)) throw new Error(`there is no button ${text}`)
  return button.callbackData
}
