/** Chats that count aloud until they are hushed, and the check that every number was echoed, in order. */
import type { Stack } from './stack.ts'

/** Who talks, and how fast. */
export interface Talkers {
  chats: number
  /** Ms between two messages of a chat, drawn anew each time. */
  pauseMs: readonly [number, number]
}

/** `echo <n>`, as the bot posted it. */
export interface Echo {
  chat: number
  n: number
  /** Unix ms. */
  atMs: number
}

/** What was found, by what reached the simulator. */
export interface TalkFindings {
  /** Messages that no echo answers. */
  lost: string[]
  /** First echoes of a message that came after the echo of a later message of the chat. */
  late: Echo[]
  /** Echoes of a message beyond its first. */
  repeated: Echo[]
  /** What the bot posted that is no echo. */
  strange: string[]
}

/** A talk under way. */
export interface NumberedTalk {
  /** Resolves when every chat has seen `count` more echoes than now. */
  goesOn(count: number): Promise<void>
  /** Ends the talk; resolves when everything that was said has been echoed. */
  hush(): Promise<void>
  judge(): TalkFindings
}

const FIRST_USER = 3001
/** More than a takeover takes. */
const WITHIN_MS = 40_000

/** Lets everyone begin. */
export function startNumberedTalk({ telegram }: Stack, { chats, pauseMs }: Talkers): NumberedTalk {
  const talkers = Array.from({ length: chats }, (_, i) => ({ user: FIRST_USER + i, said: 0, hushed: false }))
  const echoes = new Map<number, Echo[]>(talkers.map(({ user }) => [user, []]))
  const heardBy = (user: number) => echoes.get(user) ?? []
  const strange: string[] = []
  telegram.on('message', ({ by, chatId, message, atMs }) => {
    if (by !== 'bot') return
    const n = /^echo (\d+)$/.exec(message.text ?? '')?.[1]
    if (n === undefined) strange.push(`${chatId}: ${message.text}`)
    else heardBy(chatId).push({ chat: chatId, n: Number(n), atMs })
  })
  for (const talker of talkers) {
    telegram.phone.createUser({ id: talker.user })
    const say = () => {
      if (talker.hushed) return
      telegram.phone.sendText({ from: talker.user, text: String(++talker.said) })
      const [least, most] = pauseMs
      // People type at their own pace: this is the load, not a wait for a result.
      setTimeout(say, least + Math.random() * (most - least)).unref()
    }
    say()
  }
  const lost = () =>
    talkers.flatMap(({ user, said }) => {
      const heard = new Set(heardBy(user).map(({ n }) => n))
      const numbers = Array.from({ length: said }, (_, i) => i + 1)
      return numbers.filter((n) => !heard.has(n)).map((n) => `${user}: ${n}`)
    })
  return {
    async goesOn(count) {
      const wanted = talkers.map(({ user }) => ({ user, length: heardBy(user).length + count }))
      await telegram.waitUntil(
        () => wanted.every(({ user, length }) => heardBy(user).length >= length),
        WITHIN_MS,
      )
    },
    async hush() {
      for (const talker of talkers) talker.hushed = true
      await telegram.waitUntil(() => lost().length === 0, WITHIN_MS)
    },
    judge: () => ({ lost: lost(), ...misplaced([...echoes.values()]), strange }),
  }
}

/** Sorts out what is not where it belongs. */
function misplaced(chats: Echo[][]): Pick<TalkFindings, 'late' | 'repeated'> {
  const late: Echo[] = []
  const repeated: Echo[] = []
  for (const echoes of chats) {
    const seen = new Set<number>()
    let newest = 0
    for (const echo of echoes) {
      if (seen.has(echo.n)) repeated.push(echo)
      else if (echo.n < newest) late.push(echo)
      seen.add(echo.n)
      newest = Math.max(newest, echo.n)
    }
  }
  return { late, repeated }
}
