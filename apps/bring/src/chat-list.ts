/** Reads chat ids from a file, a portion at a time: an id a line, the first column of a CSV file, or a JSON array. */
import { createReadStream, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { UsageError } from '@chatlane/command'
import { isChatId } from '@chatlane/lanes'

/** A part of the list. */
export interface Portion {
  ids: string[]
  /** What is no id, with its line. */
  wrong: { line: number; text: string }[]
  /** How far the file is read. */
  bytes: number
  allBytes: number
}

/** So many ids are read at once. */
const PORTION = 20_000

/** The ids in `file`. Throws a UsageError where it can't be read. */
export async function* readChatList(file: string): AsyncIterable<Portion> {
  const source = open(file)
  const portion = (): Portion => ({
    ids: [],
    wrong: [],
    bytes: source.bytesRead(),
    allBytes: source.allBytes,
  })
  let current = portion()
  let line = 0
  let cellsOf = firstColumn
  let hasBegun = false
  for await (const text of source.lines) {
    line++
    const content = (line === 1 ? text.replace(/^\uFEFF/, '') : text).trim()
    if (!hasBegun && content !== '') {
      hasBegun = true
      if (content.startsWith('[')) cellsOf = arrayItems
      else if (isHeading(content)) continue
    }
    for (const cell of cellsOf(content)) {
      if (isChatId(cell)) current.ids.push(cell)
      else current.wrong.push({ line, text: cell })
    }
    if (current.ids.length + current.wrong.length < PORTION) continue
    yield { ...current, bytes: source.bytesRead() }
    current = portion()
  }
  yield { ...current, bytes: source.allBytes }
}

/** `chat_id` or `"id";"name"`: words above the column. */
function isHeading(line: string): boolean {
  return /^[a-z_ "']+$/i.test(line.split(/[,;\t]/)[0] ?? '')
}

function firstColumn(line: string): string[] {
  const [cell = ''] = line.replace(/#.*/, '').split(/[,;\t]/)
  const id = cell.trim().replace(/^(["'])(.*)\1$/, '$2')
  return id === '' ? [] : [id]
}

/** An array of ids is ids between signs, wherever its lines break. */
function arrayItems(line: string): string[] {
  return line.split(/[\s,"[\]]+/).filter((item) => item !== '')
}

function open(file: string) {
  const unreadable = (error: unknown) => new UsageError(`${file} can't be read: ${(error as Error).message}`)
  let allBytes: number
  try {
    allBytes = statSync(file).size
  } catch (error) {
    throw unreadable(error)
  }
  const stream = createReadStream(file)
  async function* lines() {
    try {
      yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
    } catch (error) {
      throw unreadable(error)
    }
  }
  return { allBytes, lines: lines(), bytesRead: () => stream.bytesRead }
}
