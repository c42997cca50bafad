/** A change of one of the chat's own keys. Whoever commits a turn applies it; this package only describes it. */
export interface ChatWrite {
  command: 'hset' | 'hdel' | 'hincrby' | 'sadd' | 'del' | 'expire' | 'guard' | 'expect'
  key: string
  args: readonly (string | number | Buffer)[]
}
