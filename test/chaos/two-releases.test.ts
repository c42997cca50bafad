import { expect, test } from 'vitest'
import { type Crowd, everyoneAnswered, gatherCrowd, judgeCrowd, letCrowdTalk } from '../e2e/crowd.ts'
import { BOTS, openInstallation } from './installation.ts'
import type { Edit } from './planted-bugs.ts'

const FORMAT = 'lanes/src/format.ts'
/** A release that writes everything otherwise, and reads what the one before wrote. */
const NEXT_RELEASE: readonly Edit[] = [
  { file: FORMAT, from: 'const FORMAT = 1', to: 'const FORMAT = 2' },
  {
    file: FORMAT,
    from: `\${FORMAT} \${payload}`,
    to: `2 \${Buffer.from(payload).toString('base64')}`,
  },
  {
    file: FORMAT,
    from: 'return sealed.slice(mark.length)',
    to: "return format === '2' ? Buffer.from(sealed.slice(mark.length), 'base64').toString() : sealed.slice(mark.length)",
  },
]
const CROWD: Crowd = { chats: 60, messages: 5, pauseMs: [300, 1500], bots: BOTS }
const LEFT_TO_NEWER = 'something waits for a newer release'

test('two releases side by side: what the newer one writes is left to it, nothing is lost or comes twice', async () => {
  // Of each service the first process is of the next release.
  const { stack, slots } = await openInstallation({ edits: (index) => (index === 0 ? NEXT_RELEASE : []) })
  gatherCrowd(stack, CROWD)
  await letCrowdTalk(stack, CROWD)
  await everyoneAnswered(stack, CROWD, 60_000)
  const faultless = { lost: [], wrong: [], told: [], repeated: 0, begun: 0 }
  expect(judgeCrowd(stack, CROWD)).toMatchObject(faultless)
  const leftBy = (service: 'worker' | 'sender', index: number) =>
    slots[service].at(index).lines.some((line) => line.includes(LEFT_TO_NEWER))
  expect([1, 2].some((index) => leftBy('worker', index))).toBe(true)
  expect([1, 2].some((index) => leftBy('sender', index))).toBe(true)
  expect([leftBy('worker', 0), leftBy('sender', 0)]).toEqual([false, false])
}, 180_000)
