/** What administrators may do in a chat, and what its members may. */

/** Rights of an administrator (core.telegram.org/bots/api#chatadministratorrights). */
export const ADMINISTRATOR_RIGHTS = [
  'can_manage_chat',
  'can_delete_messages',
  'can_manage_video_chats',
  'can_restrict_members',
  'can_promote_members',
  'can_change_info',
  'can_invite_users',
  'can_post_stories',
  'can_edit_stories',
  'can_delete_stories',
  'can_pin_messages',
  'can_manage_topics',
] as const

/** The permissions of a member that are about media: together they were once `can_send_media_messages`. */
export const MEDIA_PERMISSIONS = [
  'can_send_audios',
  'can_send_documents',
  'can_send_photos',
  'can_send_videos',
  'can_send_video_notes',
  'can_send_voice_notes',
] as const

/** Permissions of a member (core.telegram.org/bots/api#chatpermissions). */
export const PERMISSIONS = [
  'can_send_messages',
  ...MEDIA_PERMISSIONS,
  'can_send_polls',
  'can_send_other_messages',
  'can_add_web_page_previews',
  'can_change_info',
  'can_invite_users',
  'can_pin_messages',
  'can_manage_topics',
] as const

/** The name of an administrator's right. */
export type Right = (typeof ADMINISTRATOR_RIGHTS)[number]
/** An administrator's rights. */
export type Rights = Record<Right, boolean>
/** The name of a member's permission. */
export type Permission = (typeof PERMISSIONS)[number]
/** A member's permissions. */
export type Permissions = Record<Permission, boolean>

/** All rights but those that are named as false. */
export function rightsBut(given: Partial<Rights> = {}): Rights {
  return fill(ADMINISTRATOR_RIGHTS, (right) => given[right] ?? true)
}

/** The rights for which the predicate holds. */
export function rightsWhere(isHeld: (right: Right) => boolean): Rights {
  return fill(ADMINISTRATOR_RIGHTS, isHeld)
}

/** The permissions for which the predicate holds. */
export function permissionsWhere(isGranted: (permission: Permission) => boolean): Permissions {
  return fill(PERMISSIONS, isGranted)
}

function fill<Name extends string>(
  names: readonly Name[],
  value: (name: Name) => boolean,
): Record<Name, boolean> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, boolean>
}
