/** The commands that users are told of: in /help, and in the menu of their Telegram. */
import type { Texts } from './texts.ts'

/** A command as Telegram's menu has it, without its slash. */
export interface MenuCommand {
  command: string
  /** At most 256 characters (core.telegram.org/bots/api#botcommand). */
  description: string
}

const COMMANDS = [
  'new',
  'retry',
  'stop',
  'model',
  'system',
  'settings',
  'stream',
  'context',
  'usage',
  'forget',
  'help',
] as const

/** The commands in the order in which they are shown. */
export function commandMenu({ commands }: Texts): MenuCommand[] {
  return COMMANDS.map((command) => ({ command, description: commands[command] }))
}

/** What /help says. */
export function helpText(texts: Texts): string {
  const lines = commandMenu(texts).map(({ command, description }) => `/${command} — ${description}`)
  return `${texts.help}\n\n${lines.join('\n')}`
}
