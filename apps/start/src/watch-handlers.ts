/** Notices that an author saves a file of the bot. */
import { type FSWatcher, watch } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** What a bot's code is made of; its data (databases, pictures) may change all the time. */
const CODE = /\.(?:[cm]?[jt]s|json)$/
const NOT_CODE = /(?:^|[\\/])(?:node_modules|\.git|\.data|data)(?:[\\/]|$)/
/** Editors save in several steps. */
const SETTLED_MS = 200

/** Calls `changed` when code in the folders of `files` was saved. Returns what ends the watching. */
export function watchHandlers(files: Iterable<string>, changed: () => void): () => void {
  const folders = new Set(Array.from(files, (file) => dirname(resolve(file))))
  let timer: NodeJS.Timeout | undefined
  const watchers = Array.from(folders, (folder): FSWatcher => {
    const watcher = watch(folder, { recursive: true }, (_event, name) => {
      if (name === null || !CODE.test(name) || NOT_CODE.test(name)) return
      clearTimeout(timer)
      timer = setTimeout(changed, SETTLED_MS)
    })
    // A folder that goes away takes the bot with it: the worker says so by itself.
    watcher.on('error', () => watcher.close())
    return watcher
  })
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}
