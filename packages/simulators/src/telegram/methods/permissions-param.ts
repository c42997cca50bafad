/** Reads what members may do, as the Bot API server does (Client.cpp, get_chat_permissions). */
import { badRequest } from '../bot-api-error.ts'
import { isObject, type Params, readFlag, readJson } from '../params.ts'
import { MEDIA_PERMISSIONS, type Permission, type Permissions, permissionsWhere } from '../rights.ts'

const MEDIA: readonly Permission[] = MEDIA_PERMISSIONS

/** The permissions of a call; what it does not name is not granted. Throws 400s. */
export function readPermissions(params: Params): Permissions {
  const given = readJson(params, 'permissions') ?? {}
  if (!isObject(given)) throw badRequest('object expected as permissions')
  const isIndependent = readFlag(params, 'use_independent_chat_permissions')
  const namesMedia = MEDIA.some((permission) => given[permission] !== undefined)
  const allMedia = !namesMedia && readFlag(given, 'can_send_media_messages')
  const granted = permissionsWhere((permission) => {
    if (MEDIA.includes(permission)) return allMedia || readFlag(given, permission)
    if (permission === 'can_manage_topics' && given.can_manage_topics === undefined) {
      return readFlag(given, 'can_pin_messages')
    }
    return readFlag(given, permission)
  })
  if (isIndependent) return granted
  const impliesMedia = granted.can_send_other_messages || granted.can_add_web_page_previews
  if (impliesMedia) for (const permission of MEDIA) granted[permission] = true
  if (impliesMedia || allMedia || granted.can_send_polls) granted.can_send_messages = true
  return granted
}
