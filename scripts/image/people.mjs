// People on the simulated Telegram, over its controls: for the proof of the image.
import { until } from './engine.mjs'

/** Calls a control of a simulator. */
export async function control(origin, name, body) {
  const response = await fetch(`${origin}/sim/${name}`, {
    ...(body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${name}: ${JSON.stringify(answer)}`)
  return answer.result ?? answer
}

/** What people do and see. */
export function meetPeople(telegram) {
  const said = async (user) =>
    (await control(telegram, `chat?chat=${user}`)).messages
      .filter(({ by, deletedAtMs }) => by === 'bot' && deletedAtMs === undefined)
      .map(({ message }) => message)
  const textOf = ({ text, caption, invoice }) => text ?? caption ?? invoice?.title ?? ''
  return {
    create: (user) => control(telegram, 'createUser', { id: user }),
    says: (user, text) => control(telegram, 'sendText', { from: user, text }),
    /** What stands in the chat from the bot. */
    texts: async (user) => (await said(user)).map(textOf),
    /** The newest message of the bot's, once it has `part`. */
    sees: (user, part) =>
      until(`"${part}" by ${user}`, async () => {
        const newest = (await said(user)).at(-1)
        return newest && textOf(newest).includes(part) ? newest : undefined
      }),
    taps: (user, { message_id: messageId }, data) =>
      control(telegram, 'pressButton', { from: user, messageId, data }),
  }
}
