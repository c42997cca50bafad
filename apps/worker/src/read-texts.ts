/** Reads what an operator says in other words than the bot's own: `TEXTS`, a folder with a file for each language. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Language, type TextOverrides, textProblems } from '@chatlane/dialogue'
import { problemLine } from '@chatlane/runtime'

/** The texts by language, and one line for each thing that is wrong with them. */
export interface ReadTexts {
  texts: Partial<Record<Language, TextOverrides>>
  problems: string[]
}

const FILES: Record<Language, string> = { ru: 'ru.json', en: 'en.json' }

/** Reads `folder`; undefined is none. A language whose file is missing keeps its own texts, a folder without any is a problem. */
export function readTexts(folder: string | undefined): ReadTexts {
  const read: ReadTexts = { texts: {}, problems: [] }
  if (folder === undefined) return read
  const problem = (found: string, expected: string) =>
    read.problems.push(problemLine({ name: 'TEXTS', found, expected }))
  let files = 0
  for (const [language, name] of Object.entries(FILES) as [Language, string][]) {
    const file = join(folder, name)
    const source = sourceOf(file)
    if (source === undefined) continue
    files++
    try {
      const given = JSON.parse(source) as TextOverrides
      for (const line of textProblems(given))
        problem(`${file}: ${line}`, 'keys and texts as the bot has them')
      read.texts[language] = given
    } catch {
      problem(file, 'JSON')
    }
  }
  if (files === 0) problem(folder, 'a folder with ru.json or en.json')
  return read
}

function sourceOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
