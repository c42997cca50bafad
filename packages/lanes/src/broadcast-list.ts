/** Makes the list of a broadcast's recipients of what an operator gave: each chat once, under its home. */

/** Ids of chats as text, in portions of any size. */
export type ChatIds = AsyncIterable<readonly string[]> | Iterable<readonly string[]>

/** Thrown where a list holds something that is no chat's id. */
export class ChatIdError extends Error {
  readonly code = 'CHAT_ID'

  constructor(found: string) {
    super(`${JSON.stringify(found.slice(0, 40))} is not the id of a chat`)
    this.name = 'ChatIdError'
  }
}

const CHAT_ID = /^-?[1-9]\d{0,15}$/

/**
 * The homes of `given` in ascending order, none twice: a chat that is named by its old and its new id is one. Takes
 * 8 bytes a chat. Throws a ChatIdError.
 */
export async function listRecipients(
  given: ChatIds,
  homeOf: (chatId: string) => Promise<string>,
): Promise<Float64Array> {
  let ids = new Float64Array(1024)
  let count = 0
  for await (const portion of given) {
    for (const chatId of portion) if (!isChatId(chatId)) throw new ChatIdError(chatId)
    // Only groups migrate: for millions of users nothing is asked of Redis.
    const homes = await Promise.all(portion.map((id) => (id.startsWith('-') ? homeOf(id) : id)))
    for (const home of homes) {
      if (count === ids.length) ids = grown(ids)
      ids[count++] = Number(home)
    }
  }
  const sorted = ids.subarray(0, count).sort()
  let kept = 0
  for (const id of sorted) if (kept === 0 || sorted[kept - 1] !== id) sorted[kept++] = id
  return sorted.subarray(0, kept)
}

/** Whether `text` can be a chat's id: a whole number that a double holds, as Telegram promises. */
export function isChatId(text: string): boolean {
  return CHAT_ID.test(text) && Number.isSafeInteger(Number(text))
}

function grown(ids: Float64Array): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(ids.length * 2)
  twice.set(ids)
  return twice
}
