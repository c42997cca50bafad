import { expect, test } from 'vitest'
import { readCallHeaders } from '../../src/bot-api/call-headers.ts'

test('without headers a call is a reply that is waited for', () => {
  expect(readCallHeaders({})).toEqual({
    kind: 'read',
    headers: { keyDigest: undefined, class: 1, waits: true },
  })
})

test('headers say how urgent a call is, whether it is waited for, and which calls are one', () => {
  const digestOf = (key: string) => {
    const read = readCallHeaders({ 'idempotency-key': key })
    return read.kind === 'read' ? read.headers.keyDigest : undefined
  }
  expect(readCallHeaders({ 'chatlane-priority': 'broadcast', 'chatlane-wait': '0' })).toMatchObject({
    headers: { class: 3, waits: false },
  })
  expect(digestOf('a')).toMatch(/^[\w-]{24}$/)
  expect(digestOf('a')).toBe(digestOf('a'))
  expect(digestOf('a')).not.toBe(digestOf('b'))
})

test('what says nothing known is a problem', () => {
  for (const headers of [
    { 'chatlane-priority': 'Reply' },
    { 'chatlane-priority': 'constructor' },
    { 'chatlane-wait': 'no' },
    { 'idempotency-key': '' },
    { 'idempotency-key': 'x'.repeat(256) },
  ])
    expect(readCallHeaders(headers).kind).toBe('wrong')
})
