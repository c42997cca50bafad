/** What the bot shows in each chat while it writes: a draft, or that it types. */

/** Telegram shows a chat action for 5 seconds, a draft for 30. */
const TYPING_MS = 5000
const DRAFT_MS = 30_000

/** `changed` is called with a chat's id and what is shown there now: a draft, `{}` for typing, undefined for nothing. */
export function createSigns(changed) {
  const chats = new Map()

  function update(chatId, change) {
    const now = Date.now()
    const sign = { typingUntil: 0, draftUntil: 0, ...chats.get(chatId), ...change }
    clearTimeout(sign.timer)
    const ends = [sign.typingUntil, sign.draftUntil].filter((end) => end > now)
    if (ends.length === 0) chats.delete(chatId)
    else chats.set(chatId, { ...sign, timer: setTimeout(update, Math.min(...ends) - now, chatId, {}) })
    changed(chatId, get(chatId))
  }

  /** What is shown in a chat now. */
  function get(chatId) {
    const sign = chats.get(chatId)
    if (!sign) return undefined
    return sign.draftUntil > Date.now() ? sign.draft : {}
  }

  return {
    get,
    has: (chatId) => chats.has(chatId),
    typing: (chatId) => update(chatId, { typingUntil: Date.now() + TYPING_MS }),
    draft: (chatId, draft) => update(chatId, { draft, draftUntil: Date.now() + DRAFT_MS }),
    /** A draft was stopped: it goes, or stays for the rest of its life without its button. */
    stop(chatId, { draftId, isKept }) {
      const { draft } = chats.get(chatId) ?? {}
      if (draft?.draftId !== draftId) return
      update(chatId, isKept ? { draft: { ...draft, canStop: false } } : { draftUntil: 0 })
    },
    /** A message of the bot takes the place of all of it. */
    end: (chatId) => chats.has(chatId) && update(chatId, { typingUntil: 0, draftUntil: 0 }),
  }
}
