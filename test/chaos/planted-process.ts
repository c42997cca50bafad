/**
 * Loaded into a service in place of its armed preload: the same, with a bug planted in what it reads of its own code. Says
 * on stderr which edits it made.
 */
import fs from 'node:fs'
import { registerHooks, syncBuiltinESMExports } from 'node:module'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import '../faults/armed-process.ts'
import { type Edit, PLANTED } from './planted-bugs.ts'

const edits = JSON.parse(env.PLANTED_EDITS ?? '[]') as Edit[]

/** `source` with the bug, where it is the text of `path`. */
function plant(path: string, source: string): string {
  let planted = source
  for (const { file, from, to } of edits) {
    if (!path.endsWith(`/${file}`)) continue
    if (planted.split(from).length !== 2) throw new Error(`${file} has not exactly one: ${from}`)
    planted = planted.replace(from, () => to)
    process.stderr.write(`${PLANTED}${file}\n`)
  }
  return planted
}

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.startsWith('file:') || !loaded.source) return loaded
    const source =
      typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString()
    const planted = plant(fileURLToPath(url), source)
    return planted === source ? loaded : { ...loaded, source: planted }
  },
})

// Lua scripts are read as texts.
const { readFileSync } = fs
fs.readFileSync = ((path: fs.PathOrFileDescriptor, ...options: [BufferEncoding]) => {
  const read = readFileSync(path, ...options)
  return path instanceof URL && typeof read === 'string' ? plant(path.pathname, read) : read
}) as typeof readFileSync
syncBuiltinESMExports()
