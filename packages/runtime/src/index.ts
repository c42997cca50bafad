export { botSettingProblems, limitsOfBots, PER_BOT_SETTINGS, settingsOfBot } from './bot-settings.ts'
export { sleep } from './clock.ts'
export { armFailPoints, durableStep, type FailSide, type Trap } from './fail-points.ts'
export { handlerFiles, handlerProblems } from './handler-settings.ts'
export { ONE_SIGNAL_MS, type Running, runService, STOP_WITHIN_MS } from './lifecycle.ts'
export { createLog, type Log } from './log.ts'
export { isLoopback } from './loopback.ts'
export { startProbeServer } from './probe-server.ts'
export { addProbes, type ProbeSources } from './probes.ts'
export { ConfigurationError, problemLine, readSettings, type Settings } from './read-settings.ts'
export {
  closeRedis,
  connectRedis,
  EvictionError,
  type RedisClient,
  requireNoEviction,
} from './redis-connection.ts'
export { FULL_SHARE, type RedisHealth, type RedisState, watchRedis } from './redis-health.ts'
export { askRedisRoom, type RedisRoom } from './redis-room.ts'
export { loadScript, type Script } from './redis-scripts.ts'
export { scanKeys } from './scan-keys.ts'
export {
  BOT_SETTINGS,
  botTokens,
  LIMIT_SETTINGS,
  missingSettings,
  SERVICE_SETTINGS,
  serviceConfig,
} from './service-settings.ts'
export { SETTINGS, type SettingName } from './settings.ts'
export { type StopStage, stopInStages } from './stop-in-stages.ts'
export { createTally, type Labels, readTally, SECONDS_BUCKETS, seriesOf, type Tally } from './tally.ts'
