export type { Credits, KeyState } from './account.ts'
export { type Breaker, type BreakerRules, createBreaker } from './breaker.ts'
export { continueAnswers, continuing } from './continue-answers.ts'
export type { Fault, FaultCode } from './faults.ts'
export { type Governor, openGovernor } from './governor.ts'
export { type Guards, guardAnswers } from './guard-answers.ts'
export { GUARD_KEYS, type GuardLoad, readGuardLoad } from './guard-load.ts'
export { createModelCatalogue, type ModelCatalogue } from './model-catalogue.ts'
export { isModel } from './model-name.ts'
export type { Model } from './models.ts'
export { type Asked, createOpenRouter, type OpenRouter, type OpenRouterOptions } from './open-router.ts'
export type {
  AnswerOutcome,
  AnswerRequest,
  AnswerWatch,
  MadePicture,
  PromptMessage,
  PromptPart,
  Unfinished,
  Usage,
} from './outcome.ts'
export { learnTokens, type PromptCounts, type TokenLearning } from './token-learning.ts'
export type { TranscriptionOutcome, TranscriptionRequest } from './transcribe.ts'
