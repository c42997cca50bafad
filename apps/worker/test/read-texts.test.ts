import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readTexts } from '../src/read-texts.ts'

/** A folder with these files. */
function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'chatlane-texts-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

test('the texts of a folder are read by language, and a language without a file keeps its own', () => {
  expect(readTexts(folderOf({ 'ru.json': '{ "greeting": "Здравствуйте!" }' }))).toEqual({
    texts: { ru: { greeting: 'Здравствуйте!' } },
    problems: [],
  })
  expect(readTexts(undefined)).toEqual({ texts: {}, problems: [] })
})

test('whatever is wrong with the files is told, a line each', () => {
  const folder = folderOf({ 'ru.json': '{ "greetin": "Hi", "help": 5 }', 'en.json': 'Hi' })
  expect(readTexts(folder).problems).toEqual([
    expect.stringMatching(/^TEXTS: found .*ru\.json: greetin: /),
    expect.stringMatching(/^TEXTS: found .*ru\.json: help: /),
    expect.stringMatching(/^TEXTS: found .*en\.json, expected JSON$/),
  ])
  const empty = folderOf({})
  expect(readTexts(empty).problems).toEqual([
    `TEXTS: found ${empty}, expected a folder with ru.json or en.json`,
  ])
})
