/** A group with people and the bot in it. */
import type { Phone, TelegramSimulator } from '@chatlane/simulators'
import { chatText } from './chat-text.ts'

/** How a group is to be, beside its title and members: `id`, `isForum`, `botsAreAdmins`, … */
export type GroupOptions = Omit<Parameters<Phone['createGroup']>[0], 'title' | 'members'>

/** A group. */
export interface Group {
  id: number
  title: string
  /** Everything in it as text. */
  chat(): string
}

/** Makes a group; the first of its members is its creator. No update tells the bot of it. */
export function createGroup(
  telegram: TelegramSimulator,
  options: GroupOptions & { title: string; members: readonly number[] },
): Group {
  const { id } = telegram.phone.createGroup(options)
  return { id, title: options.title, chat: () => chatText(telegram.messages(id)) }
}
