/** Sees to it that authors' code finds a patched Telegraf, and the modules of the platform. */
import { registerHooks } from 'node:module'
import { copyAt, ownFile } from './telegraf-copy.ts'

const modules = new Map<string, string>()
let isInstalled = false

/**
 * Installs the hook, once per process. `provided`: bare specifiers and the files that they are from now on, whatever
 * lies in an author's own node_modules: a second copy there would not be the one that the worker knows.
 */
export function installResolveHook(provided: Record<string, URL>): void {
  for (const [specifier, file] of Object.entries(provided)) modules.set(specifier, file.href)
  if (isInstalled) return
  isInstalled = true
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const file = modules.get(specifier)
      if (file !== undefined) return { url: file, shortCircuit: true }
      if (specifier !== 'telegraf' && !specifier.startsWith('telegraf/'))
        return nextResolve(specifier, context)
      const found = orOwn(specifier, () => nextResolve(specifier, context))
      copyAt(found.url)
      // The namespace of a CommonJS module is a snapshot. One that was taken before the patch would show the original
      // session(): under an address of its own the same module gets a fresh one.
      return context.conditions.includes('import') ? { ...found, url: `${found.url}?chatlane` } : found
    },
  })
}

type Resolved = ReturnType<Parameters<NonNullable<Parameters<typeof registerHooks>[0]['resolve']>>[2]>

function orOwn(specifier: string, resolve: () => Resolved): Resolved {
  try {
    return resolve()
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error
    return { url: ownFile(specifier), format: 'commonjs', shortCircuit: true }
  }
}
