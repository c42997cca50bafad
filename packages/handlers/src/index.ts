export type { BotAnswer, HandlerCall, HandlerHost } from './handler-host.ts'
export { HandlersError, type HandlersErrorCode } from './handlers-error.ts'
export { type Handlers, type LoadOptions, loadHandlers } from './load-handlers.ts'
export type { HandlerRun } from './run-update.ts'
