/** Texts and entities as Telegram checks them. */
import { expect, test } from 'vitest'
import { say, startSimulator } from './raw-client.ts'

const bold = (offset: number, length: number) => ({ type: 'bold', offset, length })

test('empty texts and texts over 4096 characters are refused, counted in code points', async () => {
  const simulator = await startSimulator()
  expect((await say(simulator, 5, ' \n ')).description).toBe('Bad Request: message text is empty')
  expect((await say(simulator, 5, 'x'.repeat(4097))).description).toBe('Bad Request: message is too long')
  expect((await say(simulator, 5, '😀'.repeat(4096))).ok).toBe(true)
  expect((await say(simulator, 5, 'x'.repeat(40_000))).description).toBe('Bad Request: text is too long')
})

test('entities out of bounds, inside a symbol or of an unknown type are refused and counted', async () => {
  const simulator = await startSimulator()
  const refusalOf = async (entity: object) =>
    (await say(simulator, 5, 'ab😀cd', { entities: [entity] })).description
  expect(await refusalOf(bold(0, 7))).toBe(
    'Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 7',
  )
  expect(await refusalOf(bold(0, 3))).toBe(
    'Bad Request: entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 6',
  )
  expect(await refusalOf(bold(3, 1))).toMatch(/entity begins in a middle of a UTF-16 symbol/)
  expect(await refusalOf(bold(-1, 1))).toMatch(/incorrect offset -1/)
  expect(await refusalOf({ type: 'sparkle', offset: 0, length: 1 })).toBe(
    "Bad Request: can't parse MessageEntity: Unsupported type specified",
  )
  expect(await refusalOf({ type: 'text_link', offset: 0, length: 1 })).toBe(
    'Bad Request: can\'t parse MessageEntity: Can\'t find field "url"',
  )
  expect(simulator.ledger().bots[0]?.entities.refused).toBe(6)
})

test('space around a text is trimmed and its entities move along', async () => {
  const simulator = await startSimulator()
  const { result } = await say(simulator, 5, '  hello  ', { entities: [bold(0, 4), bold(7, 2)] })
  expect(result.text).toBe('hello')
  expect(result.entities).toEqual([bold(0, 2)])
})

test('entities beyond 100 vanish and are counted', async () => {
  const simulator = await startSimulator()
  const entities = Array.from({ length: 130 }, (_, at) => bold(at * 2, 1))
  const { result } = await say(simulator, 5, 'ab'.repeat(200), { entities })
  expect(result.entities).toHaveLength(100)
  expect(simulator.ledger().bots[0]?.entities.dropped).toBe(30)
})

test('code holds no style, crossing styles are cut, crossing solid entities go', async () => {
  const simulator = await startSimulator()
  const { result } = await say(simulator, 5, 'abcdefghijkl', {
    entities: [
      bold(0, 6),
      { type: 'italic', offset: 3, length: 5 },
      { type: 'code', offset: 9, length: 3 },
      bold(10, 1),
      { type: 'text_link', offset: 11, length: 1, url: 'https://a.com' },
    ],
  })
  expect(result.entities).toEqual([
    bold(0, 6),
    { type: 'italic', offset: 3, length: 3 },
    { type: 'italic', offset: 6, length: 2 },
    { type: 'code', offset: 9, length: 3 },
  ])
  expect(simulator.ledger().bots[0]?.entities.conflicting).toBe(2)
})

test('HTML and MarkdownV2 become entities, and mistakes in them are refused', async () => {
  const simulator = await startSimulator()
  const html = await say(simulator, 5, '<b>a &lt; <i>b</i></b> <a href="https://x.org">c</a>', {
    parse_mode: 'HTML',
  })
  expect(html.result).toMatchObject({
    text: 'a < b c',
    entities: [
      bold(0, 5),
      { type: 'italic', offset: 4, length: 1 },
      { type: 'text_link', url: 'https://x.org' },
    ],
  })
  const markdown = await say(simulator, 5, '*a* `b*` 1\\.', { parse_mode: 'MarkdownV2' })
  expect(markdown.result).toMatchObject({
    text: 'a b* 1.',
    entities: [bold(0, 1), { type: 'code', offset: 2, length: 2 }],
  })
  expect((await say(simulator, 5, 'a.', { parse_mode: 'MarkdownV2' })).description).toBe(
    "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
  )
  expect((await say(simulator, 5, '<x>', { parse_mode: 'HTML' })).description).toMatch(
    /Unsupported start tag "x"/,
  )
})

test('commands, mentions and addresses in what people write are entities', async () => {
  const simulator = await startSimulator()
  const { entities } = simulator.phone.sendText({
    from: 5,
    text: '/ask@lane_bot see https://a.org/x, #tag and @ann_b at 1/2',
  })
  expect(entities?.map(({ type, offset, length }) => [type, offset, length])).toEqual([
    ['bot_command', 0, 13],
    ['url', 18, 15],
    ['hashtag', 35, 4],
    ['mention', 44, 6],
  ])
})
