/** The error of whoever waited in vain. */

/** Thrown where what a person waits for does not come; the message shows what the chat holds and what went wrong. */
export class NotSeenError extends Error {
  readonly code = 'NOT_SEEN'

  constructor(parts: { who: string; withinMs: number; what: string; chat: string; trouble: string }) {
    const { who, withinMs, what, chat, trouble } = parts
    const holds = `The chat holds:\n${indented(chat)}`
    super(
      [`${who} waited ${withinMs / 1000} s for ${what}, and it did not come.`, holds, trouble]
        .filter((part) => part !== '')
        .join('\n'),
    )
    this.name = 'NotSeenError'
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}
