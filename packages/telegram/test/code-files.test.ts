import { describe, expect, test } from 'vitest'
import { longCodeFiles } from '../src/code-files.ts'

const python = 'print("x")\n'.repeat(1_000)

describe('longCodeFiles', () => {
  test('code that is longer than some messages is a file, named after its language', () => {
    expect(longCodeFiles(`Here:\n\`\`\`python title="a.py"\n${python}\`\`\`\nDone.`)).toEqual([
      { name: 'code.py', language: 'python', text: python },
    ])
  })

  test('short code is none', () => {
    expect(longCodeFiles(`\`\`\`js\nx()\n\`\`\`\n\n${'Text. '.repeat(3_000)}`)).toEqual([])
  })

  test('each file of a reply has a name of its own', () => {
    const block = (language: string) => `\`\`\`${language}\n12345678\n\`\`\``
    const markdown = ['c++', 'TypeScript', '', 'brainfuck', 'constructor', 'py'].map(block).join('\n\n')
    expect(longCodeFiles(markdown, { leastUnits: 8 }).map(({ name }) => name)).toEqual([
      'code.cpp',
      'code-2.ts',
      'code-3.txt',
      'code-4.txt',
      'code-5.txt',
      'code-6.py',
    ])
  })

  test('the text is the code alone, without the indentation of the list that it stands in', () => {
    const markdown = '1. Do:\n\n   ~~~sh\n   ls\n     # deep\n   ~~~\n'
    expect(longCodeFiles(markdown, { leastUnits: 1 })).toEqual([
      { name: 'code.sh', language: 'sh', text: 'ls\n  # deep\n' },
    ])
  })

  test('code that is still open counts, code by indentation does not', () => {
    expect(longCodeFiles(`    ${python.replaceAll('\n', '\n    ')}`)).toEqual([])
    expect(longCodeFiles(`\`\`\`\n${python}`)).toEqual([{ name: 'code.txt', text: python }])
  })

  test('text that only mentions code, and a text of nothing, have no files', () => {
    expect(longCodeFiles('')).toEqual([])
    expect(longCodeFiles(`\`${'x'.repeat(10_000)}\``)).toEqual([])
  })
})
