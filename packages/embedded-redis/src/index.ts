export { NoRedisError, startRedisServer } from './redis-server.ts'
export type { RedisServer, RedisServerOptions } from './server.ts'
