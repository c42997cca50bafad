/** All methods that the simulator has. */
import { chatMethods } from './chat-methods.ts'
import { chatSettingsMethods } from './chat-settings-methods.ts'
import { contentMethods } from './content-methods.ts'
import { copyMethods } from './copy-methods.ts'
import { deleteMethods } from './delete-methods.ts'
import { editMethods } from './edit-methods.ts'
import { fileMethods } from './file-methods.ts'
import { inviteMethods } from './invite-methods.ts'
import { mediaMethods } from './media-methods.ts'
import { memberMethods } from './member-methods.ts'
import type { Method, Methods } from './method.ts'
import { moderationMethods } from './moderation-methods.ts'
import { paymentMethods } from './payment-methods.ts'
import { pinMethods } from './pin-methods.ts'
import { pollMethods } from './poll-methods.ts'
import { profileMethods } from './profile-methods.ts'
import { queryMethods } from './query-methods.ts'
import { textMethods } from './text-methods.ts'
import { updateMethods } from './update-methods.ts'

const all: Methods = {
  ...chatMethods,
  ...chatSettingsMethods,
  ...contentMethods,
  ...copyMethods,
  ...deleteMethods,
  ...editMethods,
  ...fileMethods,
  ...inviteMethods,
  ...mediaMethods,
  ...memberMethods,
  ...moderationMethods,
  ...paymentMethods,
  ...pinMethods,
  ...pollMethods,
  ...profileMethods,
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
