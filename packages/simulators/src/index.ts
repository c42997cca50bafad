export type { ErrorBody, FaultKind, FaultScope } from './openrouter/fault-kinds.ts'
export type { ArmedFault, OpenRouterFault } from './openrouter/fault-list.ts'
export { FAULT_PRESETS, type FaultPreset } from './openrouter/fault-presets.ts'
export type {
  Answers,
  MadeAnswer,
  OpenRouterSimulatorOptions,
  Question,
  Speech,
  Speed,
} from './openrouter/options.ts'
export { type PromptMessage, promptHash } from './openrouter/prompt.ts'
export { createRandom, drawFrom, pickFrom } from './openrouter/random.ts'
export type {
  Ledger,
  OpenRouterEvent,
  RequestRecord,
  RequestUsage,
  TranscriptionRecord,
} from './openrouter/request-journal.ts'
export { createOpenRouterSimulator, type OpenRouterSimulator } from './openrouter/simulator.ts'
export * from './telegram/index.ts'
