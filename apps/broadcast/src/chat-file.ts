/** Reads a file of chat ids, a portion at a time. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { quoted, UsageError } from '@chatlane/command'
import { isChatId } from '@chatlane/lanes'

const PORTION = 10_000

/** The ids in `file` as they stand there. Throws a UsageError that names the line of what is none. */
export async function* readChatFile(file: string): AsyncIterable<string[]> {
  let portion: string[] = []
  let number = 0
  for await (const line of linesOf(file)) {
    number++
    for (const id of line.replace(/#.*/, '').split(/[\s,;]+/)) {
      if (id === '') continue
      if (!isChatId(id))
        throw new UsageError(`${file}, line ${number}: ${quoted(id)} is not the id of a chat`)
      portion.push(id)
    }
    if (portion.length >= PORTION) {
      yield portion
      portion = []
    }
  }
  if (portion.length > 0) yield portion
}

/** How many ids `file` holds, repeated ones too. Throws as `readChatFile`. */
export async function countChatFile(file: string): Promise<number> {
  let count = 0
  for await (const portion of readChatFile(file)) count += portion.length
  return count
}

async function* linesOf(file: string): AsyncIterable<string> {
  try {
    yield* createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${(error as Error).message}`)
  }
}
