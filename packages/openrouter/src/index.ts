export type { KeyState } from './account.ts'
export { continueAnswers, continuing } from './continue-answers.ts'
export type { Fault, FaultCode } from './faults.ts'
export { createModelCatalogue, type ModelCatalogue } from './model-catalogue.ts'
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
export type { TranscriptionOutcome, TranscriptionRequest } from './transcribe.ts'
