import { expect, test } from 'vitest'
import { captcha } from './captcha-script.ts'
import { playMovedIn } from './moved-in.ts'
import { playPlain } from './plain-bot.ts'
import { quiz } from './quiz-script.ts'
import { shop } from './shop-script.ts'
import { supportRelay } from './support-relay-script.ts'

const EXAMPLES = { shop, captcha, quiz, 'support-relay': supportRelay }

/** A tap whose worker dies is answered empty after 8 s; what its handler does, it does all the same. */
const withoutAnswers = (transcript: string) => transcript.replaceAll(/( taps \[.*\]) → .*/g, '$1')

test.each(Object.entries(EXAMPLES))(
  '%s: everyone sees the same, run plainly, on four workers, and on four that are killed',
  async (_name, example) => {
    const plain = await playPlain(example)
    expect((await playMovedIn(example, { workers: 4 })).transcript).toBe(plain)
    const { transcript, kills, repeated } = await playMovedIn(example, { workers: 4, isKilled: true })
    expect(kills).toBeGreaterThan(0)
    // No sender is killed: nothing is posted twice.
    expect(repeated).toBe(0)
    expect(withoutAnswers(transcript)).toBe(withoutAnswers(plain))
  },
  300_000,
)
