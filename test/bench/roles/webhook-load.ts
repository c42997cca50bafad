/** Posts updates to a gateway over kept-alive connections, as Telegram does. */
import { Pool } from 'undici'
import { inParallel, readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{
  address: string
  secret: string
  updates: number
  chats: number
  firstId: number
}>()
const pool = new Pool(options.address, { connections: 64 })
const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': options.secret }
sayReady()
const startedAt = performance.now()
let refused = 0
await inParallel(options.updates, 64, async (index) => {
  const id = options.firstId + index
  const chat = 1 + (index % options.chats)
  const answer = await pool.request({
    method: 'POST',
    path: '/telegram/7001',
    headers,
    body: JSON.stringify({
      update_id: id,
      message: {
        message_id: id,
        date: 1,
        chat: { id: chat, type: 'private', first_name: 'A' },
        from: { id: chat, is_bot: false, first_name: 'A', language_code: 'en' },
        text: `this is a test message, number ${index}`,
      },
    }),
  })
  if (answer.statusCode !== 200) refused++
  await answer.body.dump()
})
reportAndEnd({ ms: performance.now() - startedAt, refused })
