/** Lua scripts as commands: loaded from files, sent by hash, and sent whole again after Redis forgot them. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { durableStep } from './fail-points.ts'
import type { RedisClient } from './redis-connection.ts'

type Argument = string | number | Buffer

/** Runs one script; keys first, then arguments. Rejects with Redis's error. */
export type Script = (
  client: RedisClient,
  keys: readonly string[],
  args: readonly Argument[],
) => Promise<unknown>

/**
 * The script in `file` as a function. The command is defined once per client; ioredis sends EVALSHA and falls back to
 * EVAL on NOSCRIPT, so a flushed script cache or a restarted Redis does no harm. Its name is that of its fail points.
 */
export function loadScript(file: URL): Script {
  const step = basename(file.pathname, '.lua')
  const name = `lua_${step.replace(/\W/g, '_')}`
  const lua = withIncludes(file)
  const defined = new WeakSet<RedisClient>()
  return (client, keys, args) => {
    if (!defined.has(client)) {
      client.defineCommand(name, { lua })
      defined.add(client)
    }
    const commands = client as unknown as Record<string, (...all: Argument[]) => Promise<unknown>>
    const command = commands[name]
    if (!command) throw new Error(`the script ${name} is not defined`)
    return durableStep(step, () => command.call(client, keys.length, ...keys, ...args))
  }
}

/** A line `-- @include name.lua` stands for that file's text: functions that several scripts share. */
function withIncludes(file: URL): string {
  return readFileSync(file, 'utf8').replace(/^-- @include (\S+)$/gm, (_line, name: string) =>
    readFileSync(new URL(name, file), 'utf8'),
  )
}
