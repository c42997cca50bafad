/** Who may talk to the assistant. */

/** The lists of an operator, by Telegram's ids. */
export interface UserLists {
  /** Who may; empty: anyone. */
  allowedUsers: ReadonlySet<string>
  /** Who may not, whatever the other list says. */
  deniedUsers?: ReadonlySet<string>
}

/** Whether the user may; of somebody without an id it is not known who it is. */
export function isAllowed({ allowedUsers, deniedUsers }: UserLists, userId: number | undefined): boolean {
  const id = String(userId)
  return !deniedUsers?.has(id) && (allowedUsers.size === 0 || allowedUsers.has(id))
}
