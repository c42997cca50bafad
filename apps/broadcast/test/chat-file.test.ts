import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { countChatFile, readChatFile } from '../src/chat-file.ts'

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'chats-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'chats.txt')
  writeFileSync(file, text)
  return file
}

async function read(file: string) {
  const portions: string[][] = []
  for await (const portion of readChatFile(file)) portions.push(portion)
  return portions
}

test('ids stand apart by whatever people put between them, and comments are left out', async () => {
  const file = fileOf('# ours\n1, 2;3\r\n\n-1001234567890\t5 # five\n6')
  expect(await read(file)).toEqual([['1', '2', '3', '-1001234567890', '5', '6']])
  expect(await countChatFile(file)).toBe(6)
})

test('a long file comes in portions', async () => {
  const file = fileOf(Array.from({ length: 25_000 }, (_, n) => n + 1).join('\n'))
  expect((await read(file)).map((portion) => portion.length)).toEqual([10_000, 10_000, 5000])
})

test('what is no id is told with its line, and a file that is not there with its name', async () => {
  const file = fileOf('1\n2\n@someone\n')
  await expect(countChatFile(file)).rejects.toThrow(`${file}, line 3: "@someone" is not the id of a chat`)
  await expect(countChatFile('/nowhere/chats')).rejects.toThrow(/^\/nowhere\/chats can't be read: ENOENT/)
})
