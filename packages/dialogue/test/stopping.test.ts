import { expect, test } from 'vitest'
import { stopData } from '../src/stopping.ts'
import { runText, runUpdate } from './open-turn.ts'

interface Pressed {
  data?: string
  language?: string
  isRunning?: boolean
  mayStop?: boolean
  hasStopped?: boolean
}

/** A press of a button, with everything that the dialogue did about it in order. */
async function press(options: Pressed) {
  const { data = stopData('42'), language = 'en' } = options
  const done: string[] = []
  const opened = await runUpdate(
    {
      callback_query: {
        id: '1',
        chat_instance: '1',
        from: { id: 7, is_bot: false, first_name: 'Anna', language_code: language },
        data,
      },
    },
    {
      addressed: false,
      press: {
        data,
        isRunning: async (stream) => (options.isRunning ?? false) && stream === '42',
        mayStop: async (stream) => (options.mayStop ?? true) && stream === '42',
        hasStopped: async () => options.hasStopped ?? false,
        answer: async (text) => void done.push(`notice: ${text}`),
        removeMessage: async () => void done.push('removed'),
      },
    },
  )
  expect(opened.replies).toEqual([])
  return { done, memory: opened.turn.memory }
}

test('/stop after the turn that it stopped is confirmed in one line', async () => {
  const english = await runText('/stop', { memory: { stoppedBy: 50 } })
  expect(english.replies).toEqual([{ text: 'The answer was stopped.', command: true }])
  const russian = await runText('/stop', { memory: { stoppedBy: 50 }, language: 'ru' })
  expect(russian.replies).toEqual([{ text: 'Ответ остановлен.', command: true }])
})

test('/stop that stopped nothing says so, also where an earlier answer was stopped', async () => {
  for (const memory of [{}, { stoppedBy: 49 }]) {
    const english = await runText('/stop', { memory })
    expect(english.replies).toEqual([{ text: 'There is nothing to stop right now.', command: true }])
    const russian = await runText('/stop', { memory, language: 'ru' })
    expect(russian.replies).toEqual([{ text: 'Сейчас останавливать нечего.', command: true }])
  }
})

test('/stop asks the model nothing and leaves the conversation as it is', async () => {
  const { turn, prompts } = await runText('/stop', { memory: { stoppedBy: 50 } })
  expect(prompts).toEqual([])
  expect(turn.memory.context.messages).toEqual([])
})

test('/stop for another bot of the group is passed over in silence', async () => {
  const { replies } = await runText('/stop@other_bot', { inGroup: true, addressed: false })
  expect(replies).toEqual([])
})

test('the data of a Stop button names its turn within what Telegram allows', () => {
  expect(stopData('42')).toBe('stop:42')
  expect(Buffer.byteLength(stopData(String(Number.MAX_SAFE_INTEGER)))).toBeLessThanOrEqual(64)
})

test('a press on a running answer by who may says that it stops', async () => {
  expect((await press({ isRunning: true })).done).toEqual(['notice: Stopping…'])
  expect((await press({ isRunning: true, language: 'ru' })).done).toEqual(['notice: Останавливаю…'])
})

test('a press on a running answer by anyone else says who may', async () => {
  const stranger = { isRunning: true, mayStop: false }
  expect((await press(stranger)).done).toEqual([
    'notice: Only the person who asked or an administrator can stop this answer.',
  ])
  expect((await press({ ...stranger, language: 'ru-RU' })).done).toEqual([
    'notice: Остановить ответ может только тот, кто задал вопрос, или администратор.',
  ])
})

test('a press that was faster than its own turn is told that it stopped the answer', async () => {
  expect((await press({ hasStopped: true })).done).toEqual(['notice: The answer was stopped.'])
})

test('a button whose turn is over is told of and taken away with its message', async () => {
  expect((await press({})).done).toEqual(['notice: The answer is already finished.', 'removed'])
  expect((await press({ language: 'ru' })).done).toEqual(['notice: Ответ уже завершён.', 'removed'])
  expect((await press({ data: stopData('41'), isRunning: true })).done).toContain('removed')
})

test('a press of any other button only ends its spinner', async () => {
  for (const data of ['', 'stop:', 'stop:x', 'stop:42 ', ' stop:42', 'other:42']) {
    expect((await press({ data, isRunning: true })).done, data).toEqual(['notice: '])
  }
})

test('a press changes no memory', async () => {
  const before = { state: 'new', settings: { language: 'en' }, context: { generation: 0, messages: [] } }
  expect((await press({ isRunning: true, language: 'ru' })).memory).toEqual(before)
})
