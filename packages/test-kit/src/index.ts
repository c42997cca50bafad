export { type CommandProcess, type Ended, startCommand } from './command-process.ts'
export { type Latch, latch, until } from './latch.ts'
export { openTestRedis, type TestRedis } from './test-redis.ts'
export { openTestServer, type TestServer } from './test-server.ts'
