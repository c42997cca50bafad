/** The copies of Telegraf in this process: an author's folder may have its own. */
import { createRequire, findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Telegram } from 'telegraf'
import { HandlersError } from './handlers-error.ts'
import { patchTelegraf } from './patch-telegraf.ts'
import { patchTelegram } from './patch-telegram.ts'
import { platformSession } from './platform-session.ts'

/** What this package uses of a copy. */
export type TelegrafCopy = Pick<
  typeof import('telegraf'),
  'Telegraf' | 'Telegram' | 'Context' | 'TelegramError' | 'session'
>

const require = createRequire(import.meta.url)
const copies = new Map<string, TelegrafCopy>()

/** The copy that `url`, any file of it, belongs to, patched. Throws a HandlersError for one that is not known. */
export function copyAt(url: string): TelegrafCopy {
  const manifest = findPackageJSON(url) ?? url
  const known = copies.get(manifest)
  if (known) return known
  const folder = dirname(manifest)
  const copy = require(join(folder, 'lib/index.js')) as TelegrafCopy
  const { name, version } = require(manifest) as { name: string; version: string }
  if (!/^4\.16\./.test(version)) {
    throw new HandlersError(
      'HANDLERS_TELEGRAF',
      `${folder}: found ${name} ${version}, expected telegraf 4.16`,
    )
  }
  patchTelegraf(copy)
  patchTelegram(copy)
  // The exports of the index are getters that can't be redefined; they read this module's.
  const sessions = require(join(folder, 'lib/session.js')) as Pick<TelegrafCopy, 'session'>
  sessions.session = platformSession(sessions.session)
  copies.set(manifest, copy)
  return copy
}

/** The file that `specifier` is for this package: for authors' code that has no Telegraf of its own. */
export function ownFile(specifier: string): string {
  return pathToFileURL(require.resolve(specifier)).href
}

/** The copy that code in `file` finds, else ours. */
export function copyFor(file: URL): TelegrafCopy {
  try {
    return copyAt(pathToFileURL(createRequire(file).resolve('telegraf')).href)
  } catch (error) {
    if (error instanceof HandlersError) throw error
    return copyAt(ownFile('telegraf'))
  }
}

/** The class of errors that goes with `telegram`; ours where its copy came in some other way, bundled perhaps. */
export function telegramErrorOf(telegram: Telegram): TelegrafCopy['TelegramError'] {
  const copy = [...copies.values()].find((each) => telegram instanceof each.Telegram)
  return (copy ?? copyAt(ownFile('telegraf'))).TelegramError
}
