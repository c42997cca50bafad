import { describe, expect, test } from 'vitest'
import type { FormattedText } from '../src/formatted-text.ts'
import {
  afterStep,
  finalStep,
  leftOver,
  previewStep,
  readShown,
  type ShownStream,
  withoutMessage,
  writeShown,
} from '../src/stream-view.ts'

const STOP = [[{ text: 'Stop', callbackData: 'stop:1' }]]
const page = (text: string): FormattedText => ({ text, entities: [] })
const NOTHING = readShown('')

/** Does one step after the other, as Telegram would, until all is shown; answers what was done. */
function showAll(pages: FormattedText[], shown: ShownStream) {
  const done: string[] = []
  let now = shown
  for (;;) {
    const next = previewStep({ pages, keyboard: STOP }, now)
    if (!next) return { done, shown: now }
    const { step } = next
    const id = step.messageId ?? 10 + step.index
    done.push(
      `${step.messageId === undefined ? 'send' : 'edit'} ${id}: ${step.page.text}${step.keyboard ? ' [Stop]' : ''}`,
    )
    now = afterStep(now, step, id)
  }
}

describe('a reply in the making', () => {
  test('is sent once and edited from then on', () => {
    const first = showAll([page('a')], NOTHING)
    expect(first.done).toEqual(['send 10: a [Stop]'])
    expect(showAll([page('ab')], first.shown).done).toEqual(['edit 10: ab [Stop]'])
    expect(showAll([page('a')], first.shown).done).toEqual([])
  })

  test('rolls over into a further message, which gets the button', () => {
    const first = showAll([page('a')], NOTHING)
    const second = showAll([page('aa'), page('b')], first.shown)
    expect(second.done).toEqual(['edit 10: aa', 'send 11: b [Stop]'])
    expect(showAll([page('aa'), page('bb')], second.shown).done).toEqual(['edit 11: bb [Stop]'])
  })

  test('is told to be incomplete while more than one page has to be shown', () => {
    expect(previewStep({ pages: [page('a'), page('b')] }, NOTHING)?.isLast).toBe(false)
    expect(previewStep({ pages: [page('a')] }, NOTHING)?.isLast).toBe(true)
  })

  test('survives being noted', () => {
    const { shown } = showAll([page('a'), page('b')], NOTHING)
    expect(readShown(writeShown(shown))).toEqual(shown)
  })
})

describe('a finished reply', () => {
  test('takes the place of its preview and its button', () => {
    const { shown } = showAll([page('a')], NOTHING)
    expect(finalStep(page('a'), 0, shown)).toMatchObject({ messageId: 10 })
    expect(finalStep(page('a'), 0, shown)).not.toHaveProperty('keyboard')
  })

  test('needs no call for a page that is shown already', () => {
    const { shown } = showAll([page('a'), page('b')], NOTHING)
    expect(finalStep(page('a'), 0, shown)).toBeUndefined()
  })

  test('is sent where nothing was shown', () => {
    expect(finalStep(page('a'), 0, NOTHING)).toMatchObject({ messageId: undefined })
  })

  test('leaves the messages behind that it does not need', () => {
    const { shown } = showAll([page('a'), page('b'), page('c')], NOTHING)
    expect(leftOver(shown, 1)).toEqual([11, 12])
    expect(leftOver(shown, 3)).toEqual([])
  })

  test('whose first page was refused goes on with its second', () => {
    const step = finalStep(page('b'), 1, NOTHING)
    if (!step) throw new Error('nothing to do')
    const shown = afterStep(NOTHING, step, 7)
    expect(leftOver(shown, 2)).toEqual([])
    expect(finalStep(page('a'), 0, shown)).toMatchObject({ messageId: undefined })
  })

  test('whose message is gone begins anew below, and so does what follows it', () => {
    const { shown } = showAll([page('a'), page('b'), page('c')], NOTHING)
    const left = withoutMessage(shown, 1)
    expect(finalStep(page('B'), 1, left)).toMatchObject({ messageId: undefined })
    expect(leftOver(left, 3)).toEqual([12])
  })
})
