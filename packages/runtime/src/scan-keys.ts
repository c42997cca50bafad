/** Walks the keys that fit a pattern, whatever Redis it is: one server, a Sentinel group or a Cluster. */
import { Cluster } from 'ioredis'
import type { RedisClient } from './redis-connection.ts'

/** A larger step holds Redis up for longer, a smaller one takes more round trips. */
const LOOKED_AT_ONCE = 2000

/**
 * Every key that was there throughout and fits `pattern` (Redis's globs), each once. It looks at all keys of the
 * database: for whoever is on call, not for a service at work.
 */
export async function scanKeys(client: RedisClient, pattern: string): Promise<string[]> {
  const found = new Set<string>()
  const nodes = (client as unknown) instanceof Cluster ? nodesOf(client as unknown as Cluster) : [client]
  for (const node of nodes) {
    let cursor = '0'
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', LOOKED_AT_ONCE)
      cursor = next
      for (const key of keys) found.add(key)
    } while (cursor !== '0')
  }
  return [...found]
}

function nodesOf(cluster: Cluster) {
  return cluster.nodes('master')
}
