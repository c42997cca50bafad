/** A change of one of the chat's own keys. Whoever commits a turn applies it; this package only describes it. */
export interface ChatWrite {
  command: 'hset' | 'hdel' | 'del' | 'expire' | 'guard'
  key: string
  args: readonly (string | number | Buffer)[]
}
