/** Reads REDIS_URL in its four forms. */
import type { RedisOptions } from 'ioredis'

/** What an address says of a connection. */
export type ConnectionOptions = Pick<
  RedisOptions,
  'host' | 'port' | 'username' | 'password' | 'db' | 'tls' | 'sentinels' | 'name'
>

/** Where Redis is: one server, a Sentinel group, or a Cluster. */
export type RedisAddress =
  | { kind: 'single'; options: ConnectionOptions }
  | { kind: 'sentinel'; options: ConnectionOptions }
  | { kind: 'cluster'; nodes: { host: string; port: number }[]; options: ConnectionOptions }

/**
 * Understands `redis://user:password@host:port/db`, `rediss://…`, `redis+sentinel://host:port,host:port/name/db` and
 * `redis+cluster://host:port,host:port`. Throws on anything else.
 */
export function readRedisAddress(url: string): RedisAddress {
  const match = /^(rediss?)(\+sentinel|\+cluster)?:\/\/(?:([^@/]*)@)?([^/?]+)(?:\/([^?]*))?/.exec(url)
  if (!match) throw new Error('REDIS_URL is not understood')
  const [, scheme, form, credentials, hosts = '', path = ''] = match
  const options: ConnectionOptions = scheme === 'rediss' ? { tls: {} } : {}
  if (credentials) {
    const [username = '', ...password] = credentials.split(':')
    if (password.length > 0) options.password = decodeURIComponent(password.join(':'))
    if (username) options.username = decodeURIComponent(username)
  }
  if (form === '+cluster') return { kind: 'cluster', nodes: readHosts(hosts, 6379), options }
  if (form === '+sentinel') {
    const [name, db] = path.split('/')
    return {
      kind: 'sentinel',
      options: {
        ...options,
        sentinels: readHosts(hosts, 26379),
        name: name || 'mymaster',
        db: Number(db) || 0,
      },
    }
  }
  const [node] = readHosts(hosts, 6379)
  return { kind: 'single', options: { ...options, ...node, db: Number(path) || 0 } }
}

function readHosts(hosts: string, defaultPort: number): { host: string; port: number }[] {
  return hosts.split(',').map((part) => {
    const match = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(part.trim())
    if (!match?.[1]) throw new Error('REDIS_URL names a host that is not understood')
    return { host: match[1].replace(/^\[|\]$/g, ''), port: match[2] ? Number(match[2]) : defaultPort }
  })
}
