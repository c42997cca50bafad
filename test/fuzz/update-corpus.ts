/** Updates of every kind that people cause, as Telegram's simulator sends them. */
import { createTelegramSimulator } from '@chatlane/simulators'

const TOKEN = '7001:AAtoken-of-the-corpus'
/** Whose updates they are, mostly. */
export const ANNA = 11
const BORIS = 12

/** Collects them from a simulator of its own. */
export async function updateCorpus(): Promise<Record<string, unknown>[]> {
  const telegram = await createTelegramSimulator({
    bots: [{ token: TOKEN, username: 'lane_bot', firstName: 'Lane' }],
  })
  try {
    const { phone } = telegram
    phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
    phone.createUser({ id: BORIS, firstName: 'Борис', languageCode: 'ru' })
    const group = phone.createGroup({ title: 'Team', members: [ANNA, BORIS] }).id
    const forum = phone.createGroup({ title: 'Forum', members: [ANNA, BORIS], isForum: true }).id
    const topic = phone.createTopic({ from: ANNA, chat: forum, name: 'Plans' })
    const bytes = Buffer.from('some bytes')
    phone.sendText({ from: ANNA, text: '/start' })
    const said = phone.sendText({ from: ANNA, text: 'what is *this*? see https://example.com' })
    phone.editText({ from: ANNA, messageId: said.message_id, text: 'what was it?' })
    phone.sendText({ from: ANNA, text: 'why?', replyTo: said.message_id, quote: 'was' })
    phone.sendText({ from: BORIS, chat: group, text: '@lane_bot hello, #you' })
    phone.sendText({ from: ANNA, chat: forum, threadId: topic, text: '/help@lane_bot' })
    for (const kind of ['photo', 'voice', 'video_note', 'video', 'audio', 'document', 'animation'] as const) {
      phone.sendFile({ from: ANNA, kind, bytes, ...(kind === 'photo' && { caption: 'what is it?' }) })
    }
    phone.sendAlbum({ from: ANNA, items: [1, 2].map(() => ({ kind: 'photo', bytes, caption: 'two' })) })
    phone.sendSticker({ from: ANNA, emoji: '😀' })
    phone.sendLocation({ from: ANNA, latitude: 55.75, longitude: 37.62 })
    phone.sendContact({ from: ANNA, phoneNumber: '+79990000000', firstName: 'Vera' })
    const elsewhere = phone.sendText({ from: BORIS, chat: group, text: 'buy now' })
    phone.forwardMessage({ from: ANNA, fromChat: group, messageId: elsewhere.message_id })
    for (const [chat, text] of [
      [ANNA, 'press'],
      [group, 'press here'],
    ] as const) {
      const sent = await call(telegram.url, 'sendMessage', {
        chat_id: chat,
        text,
        reply_markup: { inline_keyboard: [[{ text: 'Stop', callback_data: 'stop:1' }]] },
      })
      const messageId = (sent as { message_id: number }).message_id
      phone.pressButton({ from: ANNA, ...(chat !== ANNA && { chat }), messageId, data: 'stop:1' })
    }
    phone.react({ from: ANNA, messageId: said.message_id, emoji: '👍' })
    phone.setBlocked({ from: ANNA, blocked: true })
    phone.migrate({ chat: group })
    const updates = await call(telegram.url, 'getUpdates', { limit: 100, allowed_updates: ALL })
    return updates as Record<string, unknown>[]
  } finally {
    await telegram.close()
  }
}

const ALL = [
  'message',
  'edited_message',
  'callback_query',
  'message_reaction',
  'my_chat_member',
  'chat_member',
]

async function call(root: string, method: string, payload: object): Promise<unknown> {
  const answer = await fetch(`${root}/bot${TOKEN}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  })
  const { ok, result, description } = (await answer.json()) as {
    ok: boolean
    result: unknown
    description?: string
  }
  if (!ok) throw new Error(`${method}: ${description}`)
  return result
}
