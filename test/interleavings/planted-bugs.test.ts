import { expect, test } from 'vitest'
import { explore } from './explore.ts'
import type { FaultName } from './fault-moves.ts'
import { openLaboratory } from './laboratory.ts'
import { BrokenPromise, type Scene } from './world.ts'

/** A bug: which line of which script is another, and what finds it. */
interface PlantedBug {
  name: string
  script: string
  from: string
  to: string
  fault?: FaultName
  updates?: readonly string[]
}

const BUGS: readonly PlantedBug[] = [
  {
    name: 'a commit without its fence',
    script: 'lua_commit',
    from: 'if stamp[1] ~= turnId then',
    to: 'if false then',
    fault: 'freeze',
  },
  {
    name: 'a commit that does not know that it was made before',
    script: 'lua_commit',
    from: "'last', turnId,",
    to: "'last', '',",
    fault: 'resend',
    updates: ['u', 'v'],
  },
  {
    name: 'an update whose repeat enters again',
    script: 'lua_append',
    from: "if id ~= '' and redis.call('ZSCORE', KEYS[1], id) then return 0 end",
    to: '',
    updates: ['u', 'u'],
  },
  {
    name: 'a lane that was empty and is not woken',
    script: 'lua_append',
    from: 'return length == 1 and 1 or 2',
    to: 'return 2',
  },
  {
    name: 'an attempt that is never noted',
    script: 'lua_attempt',
    from: "redis.call('HSET', KEYS[2], 'attempt', ARGV[1]",
    to: "redis.call('HSET', KEYS[2], 'attempted', ARGV[1]",
    fault: 'crash',
  },
  {
    name: "a preview of a turn that is no longer the lane's",
    script: 'lua_publish',
    from: "if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return { 'stale' } end",
    to: '',
    fault: 'freeze',
  },
  {
    name: 'a chat that is readied while it is called, and forgotten',
    script: 'lua_ready',
    from: "if again == '-' or class <= string.sub(again, 1, 1) then",
    to: 'if false then',
  },
  {
    name: 'a pump that gives its bot up although chats are ready',
    script: 'lua_release',
    from: "if ARGV[2] ~= '1' and",
    to: "if ARGV[2] == 'never' and",
  },
  {
    name: 'a repeat that is not counted',
    script: 'lua_attempt',
    from: "if isRepeat then redis.call('HINCRBY'",
    to: "if false then redis.call('HINCRBY'",
    fault: 'crash',
  },
]

test.each(BUGS)(
  '$name is found',
  async ({ script, from, to, fault, updates = ['u'] }) => {
    let planted = 0
    const laboratory = openLaboratory({
      alter(lua, name) {
        if (name !== script) return lua
        expect(lua).toContain(from)
        planted++
        return lua.replace(from, to)
      },
    })
    const scene: Scene = {
      updates,
      workers: 2,
      pumps: 2,
      sweeps: fault && fault !== 'resend' ? 0 : undefined,
      faults: fault ? 1 : 0,
    }
    await expect(explore(laboratory, scene, { faults: fault ? [fault] : [] })).rejects.toThrow(BrokenPromise)
    expect(planted).toBe(1)
  },
  120_000,
)
