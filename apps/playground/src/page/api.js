/** The server's API, as functions. */

/** A request that the server refused, or that did not reach it; the message is for the user. */
export class ApiError extends Error {
  constructor(message) {
    super(message)
    this.name = 'ApiError'
    this.code = 'api'
  }
}

/** Who there is, and the last message of each chat. */
export const readState = () => ask('/api/state')

/** The messages of a chat. */
export const readChat = (chatId) => ask(`/api/chats/${chatId}/messages`)

/** Says `text` as the person `from`. */
export const sendText = (chatId, { from, text, replyTo }) =>
  ask(`/api/chats/${chatId}/messages`, { method: 'POST', body: { from, text, replyTo } })

/** Changes an own message. */
export const editText = (chatId, { messageId, from, text }) =>
  ask(`/api/chats/${chatId}/messages/${messageId}`, { method: 'PATCH', body: { from, text } })

/** Presses a button under a message; its answer will name the `queryId`. */
export const pressButton = (chatId, { messageId, from, data }) =>
  ask(`/api/chats/${chatId}/messages/${messageId}/presses`, { method: 'POST', body: { from, data } })

/** Takes a message away. */
export const deleteMessage = (chatId, { messageId, from }) =>
  ask(`/api/chats/${chatId}/messages/${messageId}?from=${from}`, { method: 'DELETE' })

/** Presses the Stop button of a draft. */
export const stopDraft = (chatId, { from, draftId }) =>
  ask(`/api/chats/${chatId}/stops`, { method: 'POST', body: { from, draftId } })

/** Adds a person. */
export const addPerson = (person) => ask('/api/people', { method: 'POST', body: person })

/**
 * Hears every change. After each (re)connection `connected` is called: what happened before must be fetched.
 * The browser reconnects by itself.
 */
export function listen({ connected, lost, changed }) {
  const source = new EventSource('/api/events')
  source.onopen = connected
  source.onmessage = (event) => changed(JSON.parse(event.data))
  source.onerror = () => {
    lost()
    // Refused rather than broken: the browser does not come back by itself.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000, { connected, lost, changed })
  }
}

async function ask(path, { method = 'GET', body } = {}) {
  const answer = await fetch(path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiError('the playground does not answer')
  })
  const result = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new ApiError(result.error ?? `the playground answered ${answer.status}`)
  return result
}
