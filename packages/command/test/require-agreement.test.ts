import { expect, test } from 'vitest'
import { requireAgreement } from '../src/require-agreement.ts'
import { UsageError } from '../src/usage-error.ts'

/** What comes of asking somebody who gives `answer`, or nobody. */
function asking(answer: boolean | undefined, { isAgreed = false } = {}) {
  const questions: string[] = []
  const terminal = {
    isWatched: answer !== undefined,
    say: () => undefined,
    async ask(question: string) {
      questions.push(question)
      return answer ?? false
    },
  }
  const asked = { isAgreed, question: 'Really?', otherwise: 'nothing was done' }
  return { questions, settled: requireAgreement(terminal, asked) }
}

test('whoever is there is asked, and a yes agrees', async () => {
  const { questions, settled } = asking(true)
  await settled
  expect(questions).toEqual(['Really?'])
})

test('without a yes the command ends with what was not done', async () => {
  await expect(asking(false).settled).rejects.toThrow(new UsageError('nothing was done'))
})

test('nobody is asked who has agreed before', async () => {
  for (const answer of [false, undefined]) {
    const { questions, settled } = asking(answer, { isAgreed: true })
    await settled
    expect(questions).toEqual([])
  }
})

test('where nobody is there the command ends with how to agree', async () => {
  const { questions, settled } = asking(undefined)
  await expect(settled).rejects.toThrow(new UsageError('Really? Nobody is here to be asked: add --yes'))
  expect(questions).toEqual([])
})
