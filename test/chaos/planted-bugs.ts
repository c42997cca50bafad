/** Bugs of the kind that such a system has: chaos that finds none of them proves nothing. */
import { ALL_WEATHER, type Weather } from './draw-round.ts'

/** What is changed in a file of the product, which has `from` exactly once. */
export interface Edit {
  /** The end of its path. */
  file: string
  from: string
  to: string
}

/** A bug, and in which weather it is looked for. */
export interface PlantedBug {
  name: string
  edits: Edit[]
  /** Which promise it breaks, as the run says it. */
  found: RegExp
  weather?: Weather
  /** Not looked for among updates that are delivered again, which heals it. */
  isDeliveredOnce?: true
}

/** The beginning of the line in which a process says that it has an edit. */
export const PLANTED = 'planted in '

const LUA = 'lanes/src/lua'
const PROCESSES: Weather = { ...ALL_WEATHER, kinds: ['kill', 'kill', 'freeze', 'freeze', 'cut', 'stop'] }

/**
 * Nobody sweeps. As long as no job is removed and Redis stays, no lane needs it: whatever is lost then lost its wake-up,
 * which a sweep would have healed within seconds, and hidden.
 */
export const NOBODY_SWEEPS: Edit = {
  file: 'lanes/src/sweeper.ts',
  from: 'wakes.wakeLanes(lanes.map(laneFromText)),',
  to: 'Promise.resolve(),',
}
/** What happens where nobody sweeps: gateways freeze between their steps. */
export const WITHOUT_SWEEPS: Weather = {
  services: ['gateway'],
  kinds: ['freeze', 'clock', 'telegram', 'model'],
}

/** Each is found within 100 rounds. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'a wake before the append',
    edits: [
      NOBODY_SWEEPS,
      {
        file: 'gateway/src/admission.ts',
        from: 'const appended = await parts.inbox.append(',
        to: 'await parts.wakes.wakeLane(lane); const appended = await parts.inbox.append(',
      },
      {
        file: 'gateway/src/admission.ts',
        from: "if (appended === 'appended' || appended === 'seen') await parts.wakes.wakeLane(lane)",
        to: '',
      },
    ],
    weather: WITHOUT_SWEEPS,
    isDeliveredOnce: true,
    found: /: lost:/,
  },
  {
    name: 'a commit without its fence',
    edits: [{ file: `${LUA}/commit.lua`, from: 'if stamp[1] ~= turnId then', to: 'if false then' }],
    weather: PROCESSES,
    found: /lost|expected|context|twice/,
  },
  {
    name: "a commit that is fenced by its lane's head instead of its turn's id",
    edits: [
      {
        file: `${LUA}/commit.lua`,
        from: 'if stamp[1] ~= turnId then',
        to: "local head = redis.call('LINDEX', KEYS[1], 0)\nif not head or string.match(head, '^%d+|[^|]*') ~= redis.call('HGET', KEYS[2], 'head') then",
      },
    ],
    weather: PROCESSES,
    found: /lost|expected|context|twice/,
  },
  {
    name: 'an update whose repeat enters again',
    edits: [
      {
        file: `${LUA}/append.lua`,
        from: "if id ~= '' and redis.call('ZSCORE', KEYS[1], id) then return 0 end",
        to: '',
      },
    ],
    found: /expected|context|twice/,
  },
  {
    name: 'an attempt that is never noted',
    edits: [
      {
        file: `${LUA}/attempt.lua`,
        from: "redis.call('HSET', KEYS[2], 'attempt', ARGV[1] .. '|' .. string.format('%.0f', now + tonumber(ARGV[2])) .. '|i|' .. id)",
        to: '',
      },
    ],
    found: /twice|lost/,
  },
  {
    name: 'a call that leaves without its note',
    edits: [
      {
        file: `${LUA}/hand-over.lua`,
        from: "redis.call('HSET', KEYS[1], 'attempt', token .. '|' .. untilMs .. '|' .. ARGV[3] .. '|' .. id)",
        to: '',
      },
    ],
    weather: PROCESSES,
    found: /twice/,
  },
  {
    name: "a preview of a turn that is no longer the lane's",
    edits: [
      {
        file: `${LUA}/publish.lua`,
        from: "if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return { 'stale' } end",
        to: '',
      },
    ],
    weather: PROCESSES,
    found: /lost|expected|context|twice/,
  },
  {
    name: 'a repeat that is not counted',
    edits: [
      {
        file: `${LUA}/attempt.lua`,
        from: "if isRepeat then redis.call('HINCRBY', KEYS[4], ARGV[5], 1) end",
        to: '',
      },
    ],
    found: /twice/,
  },
  {
    name: 'a chat that is called as often as there is something to say',
    edits: [
      {
        file: `${LUA}/gates.lua`,
        from: "local bucket = redis.call('GET', b .. ':bucket:' .. chat)\n  if not bucket then",
        to: 'do',
      },
    ],
    found: /beyond the budget/,
  },
]
