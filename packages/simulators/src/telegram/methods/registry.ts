/** All methods that the simulator has. */
import { chatMethods } from './chat-methods.ts'
import { copyMethods } from './copy-methods.ts'
import { editMethods } from './edit-methods.ts'
import { fileMethods } from './file-methods.ts'
import { memberMethods } from './member-methods.ts'
import type { Method, Methods } from './method.ts'
import { queryMethods } from './query-methods.ts'
import { textMethods } from './text-methods.ts'
import { updateMethods } from './update-methods.ts'

const all: Methods = {
  ...chatMethods,
  ...copyMethods,
  ...editMethods,
  ...fileMethods,
  ...memberMethods,
  ...queryMethods,
  ...textMethods,
  ...updateMethods,
}
const byLowerCase = new Map(
  Object.entries(all).map(([name, method]) => [name.toLowerCase(), { name, method }]),
)

/** A method by its name, in any case, as Telegram takes it; undefined where there is none. */
export function findMethod(name: string): { name: string; method: Method } | undefined {
  return byLowerCase.get(name.toLowerCase())
}
