/** Every Lua script of the lanes, loaded once. */
import { loadScript } from '@chatlane/runtime'

const load = (name: string) => loadScript(new URL(`./lua/${name}.lua`, import.meta.url))

/** The scripts by the verb that each makes atomic; keys and arguments are described at the head of each file. */
export const scripts = {
  append: load('append'),
  take: load('take'),
  commit: load('commit'),
  handBack: load('hand-back'),
  erase: load('erase'),
  publish: load('publish'),
  post: load('post'),
  call: load('call'),
  cancel: load('cancel'),
  ticket: load('ticket'),
  journal: load('journal'),
  tap: load('tap'),
  overdueTaps: load('overdue-taps'),
  heads: load('heads'),
  attempt: load('attempt'),
  handOver: load('hand-over'),
  note: load('note'),
  ready: load('ready'),
  lease: load('lease'),
  release: load('release'),
  grant: load('grant'),
  prolong: load('prolong'),
  answered: load('answered'),
  action: load('action'),
  audienceJoin: load('audience-join'),
  audienceLeave: load('audience-leave'),
  broadcastOpen: load('broadcast-open'),
  broadcastFeed: load('broadcast-feed'),
  broadcastAttempt: load('broadcast-attempt'),
  broadcastHandOver: load('broadcast-hand-over'),
  broadcastNote: load('broadcast-note'),
  broadcastStop: load('broadcast-stop'),
  broadcastResume: load('broadcast-resume'),
  holdLease: load('hold-lease'),
  releaseLease: load('release-lease'),
} as const
