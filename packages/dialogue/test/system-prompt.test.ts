import { expect, test } from 'vitest'
import type { Memory } from '../src/ports.ts'
import { createTextBook } from '../src/texts.ts'
import { runText, runUpdate } from './open-turn.ts'
import { buttonsOf, dataOf, pressCard } from './press-card.ts'

const EN = createTextBook().in('en')
const RU = createTextBook().in('ru')
/** `runText` writes at second 1, as update 50. */
const AWAITED = { kind: 'system-prompt', fromUserId: 7, untilSeconds: 601, askedBy: 50 } as const
const awaiting = (memory: Partial<Memory> = {}) => ({ memory: { awaited: AWAITED, ...memory } })
const withPrompt = (systemPrompt: string): Partial<Memory> => ({
  settings: { language: 'en', systemPrompt },
})

test('/system shows that the chat has none of its own, and waits for the next message', async () => {
  const { turn, replies } = await runText('/system')
  expect(replies[0]).toMatchObject({ text: `${EN.system.isDefault}\n\n${EN.system.ask}`, command: true })
  expect(buttonsOf(replies[0] ?? {})).toEqual([['Cancel']])
  expect(turn.memory.awaited).toEqual(AWAITED)
})

test('/system shows the chat’s own, whatever is in it', async () => {
  const { replies } = await runText('/system', {
    memory: {
      ...withPrompt('You are *a pirate*.\n# Always'),
      settings: { systemPrompt: 'Ты *пират*.\n# Да' },
    },
    language: 'ru',
  })
  expect(replies[0]?.text).toBe(`${RU.system.own}\n\n> Ты \\*пират\\*\\.\n> \\# Да\n\n${RU.system.ask}`)
  expect(buttonsOf(replies[0] ?? {})).toEqual([['По умолчанию'], ['Отмена']])
})

test('the next message is the system prompt, and the one after it is a question again', async () => {
  const { turn, replies, prompts } = await runText('You are a pirate.', awaiting())
  expect(replies).toEqual([{ text: EN.system.set, command: true }])
  expect(prompts).toEqual([])
  expect(turn.memory).toMatchObject({ settings: { systemPrompt: 'You are a pirate.' } })
  expect(turn.memory).not.toHaveProperty('awaited')
  expect(turn.memory.context.messages).toEqual([])
  const next = await runText('hello', { memory: turn.memory })
  expect(next.prompts[0]).toEqual([
    { role: 'system', content: 'You are a pirate.' },
    { role: 'user', content: 'hello' },
  ])
})

test('a text that was cut in several messages is one system prompt', async () => {
  const { turn } = await runText('one', { ...awaiting(), texts: ['one', 'two'] })
  expect(turn.memory.settings.systemPrompt).toBe('one\ntwo')
})

test('/system with a text sets it at once, and default takes it back', async () => {
  const { turn, replies } = await runText('/system  Be rude. ', { language: 'ru' })
  expect(replies).toEqual([{ text: RU.system.set, command: true }])
  expect(turn.memory.settings).toEqual({ language: 'ru', systemPrompt: 'Be rude.' })
  const back = await runText('/system default', { memory: turn.memory })
  expect(back.replies).toEqual([{ text: EN.system.isDefault, command: true }])
  expect(back.turn.memory.settings).toEqual({ language: 'en' })
})

test('/cancel ends the waiting, and says so where nothing is waited for', async () => {
  const { turn, replies } = await runText('/cancel', awaiting())
  expect(replies).toEqual([{ text: EN.system.cancelled, command: true }])
  expect(turn.memory).not.toHaveProperty('awaited')
  const idle = await runText('/cancel', { language: 'ru' })
  expect(idle.replies).toEqual([{ text: RU.system.nothingToCancel, command: true }])
})

test('every other command ends the waiting, too, and is done', async () => {
  for (const command of ['/new', '/help', '/stream off', '/whatever']) {
    const { turn, replies } = await runText(command, awaiting())
    expect(turn.memory, command).not.toHaveProperty('awaited')
    expect(turn.memory.settings, command).not.toHaveProperty('systemPrompt')
    expect(replies, command).toHaveLength(1)
  }
})

test('a message of more than ten minutes later is a question', async () => {
  const late = await runText('hello', awaiting({ awaited: { ...AWAITED, untilSeconds: 0 } }))
  expect(late.prompts[0]?.at(-1)?.content).toBe('hello')
  expect(late.turn.memory).not.toHaveProperty('awaited')
  const lateCancel = await runText('/cancel', awaiting({ awaited: { ...AWAITED, untilSeconds: 0 } }))
  expect(lateCancel.replies[0]?.text).toBe(EN.system.nothingToCancel)
  const inTime = await runText('hello', awaiting({ awaited: { ...AWAITED, untilSeconds: 1 } }))
  expect(inTime.turn.memory.settings.systemPrompt).toBe('hello')
})

test('in a group only the administrator who was asked gives the text; what others say is a question', async () => {
  const member = await runText('/system Be rude.', { inGroup: true })
  expect(member.replies).toEqual([{ text: EN.onlyAdministratorsChoose, command: true }])
  expect(member.turn.memory.settings).toEqual({ language: 'en' })
  const asking = await runText('/system', { inGroup: true, isAdministrator: true })
  expect(asking.replies[0]?.text).toContain(EN.system.askInGroup)
  const other = await runText('@some_bot hello', { ...awaiting(), inGroup: true, userId: 8 })
  expect(other.prompts[0]?.at(-1)?.content).toBe('hello')
  expect(other.turn.memory.awaited).toEqual(AWAITED)
  const own = await runText('@some_bot Be brief.', { ...awaiting(), inGroup: true, isAdministrator: true })
  expect(own.turn.memory.settings.systemPrompt).toBe('Be brief.')
  const aside = await runText('Not for the bot.', { ...awaiting(), inGroup: true, addressed: false })
  expect([aside.replies, aside.turn.memory.awaited]).toEqual([[], AWAITED])
})

test('who administers the group no more, and a prompt that was fixed meanwhile, are told so', async () => {
  const demoted = await runText('@some_bot Be rude.', { ...awaiting(), inGroup: true })
  expect(demoted.replies).toEqual([{ text: EN.onlyAdministratorsChoose, command: true }])
  const fixed = await runText('Be rude.', awaiting(), { isSystemPromptFixed: true })
  expect(fixed.replies).toEqual([{ text: EN.system.fixed, command: true }])
  for (const { turn } of [demoted, fixed]) {
    expect(turn.memory).not.toHaveProperty('awaited')
    expect(turn.memory.settings).not.toHaveProperty('systemPrompt')
  }
})

test('the name of the bot is no part of the system prompt', async () => {
  const { turn } = await runText('Be brief, @some_bot', {
    ...awaiting(),
    inGroup: true,
    isAdministrator: true,
  })
  expect(turn.memory.settings.systemPrompt).toBe('Be brief,')
})

test('what is no text, or too long, is told of, and the text is still waited for', async () => {
  const photo = await runUpdate(
    {
      message: {
        message_id: 9,
        date: 1,
        chat: { id: 7, type: 'private', first_name: 'Anna' },
        from: { id: 7, is_bot: false, first_name: 'Anna', language_code: 'en' },
        photo: [],
      },
    },
    awaiting(),
  )
  expect(photo.replies).toEqual([{ text: EN.system.textOnly, command: true }])
  const long = await runText('x'.repeat(501), awaiting())
  expect(long.replies[0]?.text).toBe(
    'That is too long for a system prompt: 501 characters, of which 500 fit. Please send a shorter one, or /cancel.',
  )
  for (const { turn } of [photo, long]) {
    expect(turn.memory.awaited).toEqual(AWAITED)
    expect(turn.memory.settings).not.toHaveProperty('systemPrompt')
  }
  expect((await runText('x'.repeat(500), awaiting())).turn.memory.settings.systemPrompt).toHaveLength(500)
})

test('the Cancel button ends its own waiting only, and only for who was asked', async () => {
  const asked = await runText('/system')
  const data = dataOf(asked.replies[0] ?? {}, 'Cancel')
  const cancelled = await pressCard({ data, memory: asked.turn.memory })
  expect(cancelled.memory).not.toHaveProperty('awaited')
  expect(cancelled.cards).toEqual([{ markdown: EN.system.cancelled, keyboard: [] }])
  const other = await pressCard({ data, memory: asked.turn.memory, userId: 8, isPrivate: false })
  expect([other.notices, other.cards]).toEqual([[EN.system.askedAnother], []])
  expect(other.memory.awaited).toEqual(AWAITED)
  const later = { ...asked.turn.memory, awaited: { ...AWAITED, askedBy: 60 } }
  const stale = await pressCard({ data, memory: later })
  expect(stale.notices).toEqual([EN.system.over])
  expect(stale.cards).toEqual([{ markdown: EN.system.isDefault, keyboard: [] }])
  expect(stale.memory.awaited?.askedBy).toBe(60)
})

test('the button back to default takes the chat’s own away and ends the waiting', async () => {
  const { memory, cards } = await pressCard({
    data: 'system:default',
    memory: { ...withPrompt('Be rude.'), awaited: AWAITED },
  })
  expect(memory.settings).toEqual({ language: 'en' })
  expect(memory).not.toHaveProperty('awaited')
  expect(cards).toEqual([{ markdown: EN.system.isDefault, keyboard: [] }])
})

test('where the operator has fixed the system prompt, no chat has its own', async () => {
  const fixed = { isSystemPromptFixed: true }
  expect((await runText('/system Be rude.', {}, fixed)).replies).toEqual([
    { text: EN.system.fixed, command: true },
  ])
  const { prompts } = await runText('hello', { memory: withPrompt('Be rude.') }, fixed)
  expect(prompts[0]?.[0]).toEqual({ role: 'system', content: 'Be brief.' })
  expect((await pressCard({ data: 'system:ask' }, fixed)).notices).toEqual([EN.settings.stale])
})

test('a topic’s system prompt goes before the whole chat’s, and that before the deployment’s', async () => {
  const told = async (memory: Partial<Memory>) =>
    (await runText('hello', { memory })).prompts[0]?.[0]?.content
  const chatSettings = { systemPrompt: 'Chat.' }
  expect(await told({ settings: { systemPrompt: 'Topic.' }, chatSettings })).toBe('Topic.')
  expect(await told({ settings: {}, chatSettings })).toBe('Chat.')
  expect(await told({ settings: {}, chatSettings: {} })).toBe('Be brief.')
})
