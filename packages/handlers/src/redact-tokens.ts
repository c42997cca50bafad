/** Takes bots' tokens out of errors that authors' code threw while it was loaded. */

const TOKEN = /\d{3,}:[\w-]{20,}/g

/** Causes of causes are looked through so deep. */
const DEPTH = 5

/** Takes every token out of the message and the stack of `error`, in place, and of its causes. Returns it. */
export function redactTokens(error: unknown, token: string, depth = DEPTH): unknown {
  if (typeof error === 'string') return redacted(error, token)
  if (!(error instanceof Error)) return error
  for (const name of ['message', 'stack'] as const) {
    const text = error[name]
    if (typeof text !== 'string') continue
    const clean = redacted(text, token)
    // Only what changes is written: an error may be frozen.
    if (clean !== text)
      Reflect.defineProperty(error, name, { value: clean, configurable: true, writable: true })
  }
  if (depth > 0 && error.cause !== undefined) redactTokens(error.cause, token, depth - 1)
  return error
}

function redacted(text: string, token: string): string {
  const clean = token === '' ? text : text.replaceAll(token, '[token]')
  return clean.replace(TOKEN, '[token]')
}
