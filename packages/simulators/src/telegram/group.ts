/** A group as the server knows it: who is in it, as what, and how it is set up. */
import type { Chat, User } from './bot-api-types.ts'
import type { Permissions, Rights } from './rights.ts'

/** How somebody stands in a group (core.telegram.org/bots/api#chatmember). */
export type Standing = 'creator' | 'administrator' | 'member' | 'restricted' | 'left' | 'kicked'

/** What goes with a standing. */
export interface Terms {
  /** What an administrator may do; all without. */
  rights?: Rights
  /** The bot that made somebody an administrator; none but it may change that. */
  promotedBy?: number
  /** What a restricted user may do. */
  permissions?: Permissions
  /** Whether a restricted user is in the group. */
  isMember?: boolean
  /** Unix seconds at which a restriction or a ban ends; 0 for never. */
  untilDate?: number
}

/** An invite link (core.telegram.org/bots/api#chatinvitelink). */
export interface InviteLink {
  invite_link: string
  creator: User
  creates_join_request: boolean
  is_primary: boolean
  is_revoked: boolean
  name?: string
  expire_date?: number
  member_limit?: number
}

/** A group, supergroup, forum or channel. */
export interface GroupState {
  chat: Chat
  /** Users and bots in it, and how they stand. */
  members: Map<number, Standing>
  terms: Map<number, Terms>
  /** Names of a forum's topics by thread id. */
  topics: Map<number, string>
  description?: string | undefined
  /** What members may do; everything without. */
  permissions?: Permissions
  inviteLinks: InviteLink[]
  /** Users who ask to be let in. */
  joinRequests: Set<number>
  migratedTo?: number
}

/** A group in which nobody is. */
export function createGroupState(chat: Chat): GroupState {
  return {
    chat,
    members: new Map(),
    terms: new Map(),
    topics: new Map(),
    inviteLinks: [],
    joinRequests: new Set(),
  }
}

/** Whether somebody is in the group. */
export function isInGroup({ members, terms }: GroupState, id: number): boolean {
  const standing = members.get(id)
  if (standing === 'restricted') return terms.get(id)?.isMember === true
  return standing !== undefined && standing !== 'left' && standing !== 'kicked'
}
