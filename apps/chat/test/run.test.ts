import type { Terminal } from '@chatlane/command'
import { expect, test } from 'vitest'
import { run } from '../src/run.ts'
import { openCommand } from './open-command.ts'

/** Forgets chat 12, in which one update waits, with somebody there who gives `answer`. */
async function forget(answer: boolean) {
  const { redis, keys, deadLetters, laneOf, say } = openCommand()
  await say(laneOf('12'), 1, 'hi')
  const lines: string[] = []
  const terminal: Terminal = {
    isWatched: true,
    say: (line) => void lines.push(line),
    async ask(question) {
      lines.push(question)
      return answer
    },
  }
  const command = { kind: 'forget', botId: undefined, chatId: '12', isAgreed: false } as const
  const ended = run({ redis, keys, deadLetters, botId: '7', terminal }, command)
  return { ended, lines, waiting: () => redis.llen(keys.ofLane(laneOf('12'), 'in')) }
}

test('whoever agrees has the chat forgotten', async () => {
  const { ended, lines, waiting } = await forget(true)
  await ended
  expect(lines).toEqual([
    "Erase everything about chat 12 of bot 7? This can't be undone.",
    'chat 12 of bot 7 is forgotten: 1 update, 0 deliveries, 0 dead letters and all that was remembered',
  ])
  expect(await waiting()).toBe(0)
})

test('whoever does not agree has nothing erased', async () => {
  const { ended, waiting } = await forget(false)
  await expect(ended).rejects.toThrow('nothing was erased')
  expect(await waiting()).toBe(1)
})
