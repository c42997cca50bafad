import { expect, test } from 'vitest'
import { commandMenu } from '../src/command-list.ts'
import { languageOf } from '../src/language.ts'
import { createTextBook } from '../src/texts.ts'
import { assistant, runText, runUpdate, talkedOf, user } from './open-turn.ts'

const menuOf = (language: string) =>
  commandMenu(createTextBook().in(languageOf(language))).map(({ command }) => command)
const CHAT = { id: 7, type: 'private', first_name: 'Anna' }
const ANNA = { id: 7, is_bot: false, first_name: 'Anna', language_code: 'ru' }

test('/help lists every command, in both languages', async () => {
  for (const language of ['ru', 'en']) {
    const { replies } = await runText('/help', { language })
    expect(replies).toHaveLength(1)
    expect(replies[0]?.text.match(/^\/\w+/gm)).toEqual(menuOf(language).map((command) => `/${command}`))
    expect(menuOf(language)).toContain('forget')
  }
})

test('every command that /help lists is known', async () => {
  for (const command of ['start', ...menuOf('en')]) {
    const { replies, farewells } = await runText(`/${command}`)
    const said = [...replies.map(({ text }) => text), ...farewells]
    expect(said, command).toEqual([expect.not.stringMatching(/no such command/)])
  }
  expect((await runText('/dance')).replies).toEqual([
    { text: 'There is no such command. See /help.', command: true },
  ])
})

test('/new forgets the conversation and raises its generation', async () => {
  const asked = { stream: '40', messages: [{ id: 9 }], digest: 'x' }
  const memory = { ...talkedOf(user('one'), assistant('1')), asked }
  const { turn } = await runText('/new', { memory })
  expect(turn.memory.asked).toBeUndefined()
  expect(turn.memory.context).toEqual({ generation: 1, messages: [] })
})

test('messages that were merged are asked as one, without the name of the bot', async () => {
  const { prompts } = await runText('@some_bot one', { texts: ['@some_bot one', 'two'], inGroup: true })
  expect(prompts[0]?.at(-1)).toEqual(user('one\ntwo'))
})

test('what a group says among itself is not answered', async () => {
  const { replies, prompts } = await runText('hello', { inGroup: true, addressed: false })
  expect([replies, prompts]).toEqual([[], []])
})

test('who is not on the list of users is told so, and nothing is asked', async () => {
  const { replies, prompts } = await runText('hello', { language: 'ru' }, { allowedUsers: new Set(['8']) })
  expect(replies[0]?.text).toBe('Этот бот закрыт: вас нет в списке его пользователей.')
  expect(prompts).toEqual([])
})

test('updates that say nothing to the bot are passed over in silence', async () => {
  const message = { message_id: 1, date: 1, chat: CHAT, from: ANNA, text: 'hello' }
  const command = {
    ...message,
    text: '/stop',
    entities: [{ type: 'bot_command', offset: 0, length: 5 }],
  }
  const updates = [
    { edited_message: { ...message, edit_date: 2 } },
    { edited_message: { ...command, edit_date: 2 } },
    { stopped_message_generation: { chat: CHAT, draft_id: 42 } },
    { my_chat_member: { chat: CHAT, from: ANNA, date: 1, old_chat_member: {}, new_chat_member: {} } },
    { message: { message_id: 1, date: 1, chat: CHAT, from: ANNA, new_chat_title: 'A' } },
    { a_kind_of_tomorrow: {} },
  ]
  for (const update of updates) {
    const { turn, replies, prompts } = await runUpdate(update)
    expect([replies, prompts], Object.keys(update)[0]).toEqual([[], []])
    expect(turn.memory.settings).toEqual({ language: 'en' })
  }
})
