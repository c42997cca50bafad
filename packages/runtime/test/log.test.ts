import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog } from '../src/log.ts'

/** The lines that a logger writes. */
function openLog() {
  const lines: string[] = []
  const target = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { log: createLog({ service: 'test', level: 'info', target }), lines }
}

test('an error is logged by what it says, not by the command with the texts that it answers', () => {
  const { log, lines } = openLog()
  const cause = Object.assign(new Error('below'), { code: 'ECONNRESET', args: ['my diary'] })
  const error = Object.assign(new Error('OOM command not allowed', { cause }), {
    code: 'OOM',
    command: { name: 'evalsha', args: ['my diary'] },
  })
  log.warn({ err: error }, 'refused')
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: 'refused',
    err: { type: 'Error', message: 'OOM command not allowed', code: 'OOM', cause: { code: 'ECONNRESET' } },
  })
  expect(lines[0]).not.toContain('diary')
})

test('what could be a secret or a text is hidden', () => {
  const { log, lines } = openLog()
  log.info({ token: '1:abc', call: { text: 'my diary', payload: { a: 1 } } }, 'called')
  expect(lines[0]).not.toMatch(/abc|diary/)
})
