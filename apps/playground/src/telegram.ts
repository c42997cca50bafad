/** The simulated Telegram of the playground: one bot, a few people, one group. */
import { createTelegramSimulator, type TelegramSimulator, type User } from '@chatlane/simulators'

/** The bot; its token is made up and opens nothing. */
export const BOT = {
  token: '700000001:playground-opens-nothing-elsewhere',
  username: 'chatlane_bot',
  firstName: 'Chatlane',
}

/** People keep their ids over restarts, so that the bot remembers them. */
const PEOPLE = [
  { id: 500_000_001, firstName: 'Anna', username: 'anna', languageCode: 'en' },
  { id: 500_000_002, firstName: 'Борис', username: 'boris', languageCode: 'ru' },
  { id: 500_000_003, firstName: 'Carmen', username: 'carmen', languageCode: 'es' },
]

const GROUP = { id: -1_001_000_000_001, title: 'Reading club' }

/** Ids of people who are added begin here, far from those above. */
const ADDED_FROM = 600_000_000
const YEAR_2026_MS = Date.UTC(2026, 0)

/** Starts it with Telegram's limits in force and everybody in place. */
export async function openTelegram(): Promise<TelegramSimulator> {
  // Redis outlives the simulator and drops updates whose ids it has seen: those of this run come after all earlier
  // ones. A number of tenths of seconds grows faster than people write.
  const firstUpdateId = Math.floor((Date.now() - YEAR_2026_MS) / 100) + 1_000_000_000
  const telegram = await createTelegramSimulator({
    // As @BotFather makes them: in groups it sees commands, mentions and replies only.
    bots: [{ ...BOT, canReadAllGroupMessages: false, firstUpdateId }],
    limits: { enforce: true },
  })
  for (const person of PEOPLE) telegram.phone.createUser(person)
  telegram.phone.createGroup({ ...GROUP, members: PEOPLE.map(({ id }) => id) })
  return telegram
}

/** Adds a person. The id is new in every run: a bot must not take somebody for who was added yesterday. */
export function addPerson(telegram: TelegramSimulator, person: { name: string; languageCode: string }): User {
  const taken = new Set(telegram.state().users.map(({ id }) => id))
  let id = ADDED_FROM + Math.floor(Date.now() / 1000)
  while (taken.has(id)) id++
  return telegram.phone.createUser({ id, firstName: person.name, languageCode: person.languageCode })
}
