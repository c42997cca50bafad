/** Finds the messages that a person means. */
import type { Message } from '@chatlane/simulators'
import { type InlineButton, inlineButtons } from './inline-buttons.ts'

/** The newest message that says `text`, else the newest that has it in its text. */
export function findText(messages: readonly Message[], text: string): Message | undefined {
  const said = ({ text, caption }: Message) => text ?? caption ?? ''
  return (
    messages.findLast((each) => said(each) === text) ?? messages.findLast((each) => said(each).includes(text))
  )
}

/** The inline button of the newest message that has one of that text. */
export function findButton(
  messages: readonly Message[],
  text: string,
): { messageId: number; button: InlineButton } | undefined {
  const has = (button: InlineButton) => button.text === text
  const message = messages.findLast((each) => inlineButtons(each).flat().some(has))
  const button = message && inlineButtons(message).flat().find(has)
  return button && { messageId: message.message_id, button }
}

/** The newest message with an invoice. */
export function findInvoice(messages: readonly Message[]): Message | undefined {
  return messages.findLast(({ invoice }) => invoice !== undefined)
}
