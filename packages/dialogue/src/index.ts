export { keepLongest } from './answer.ts'
export { type AssistantSettings, createAssistant } from './assistant.ts'
export { commandMenu, type MenuCommand } from './command-list.ts'
export { type Language, languageOf } from './language.ts'
export type {
  AskModel,
  Attachment,
  ButtonPress,
  FaultCode,
  Memory,
  ModelAnswer,
  ModelWindow,
  PromptMessage,
  StreamingMode,
  TurnPort,
} from './ports.ts'
export { stopData } from './stopping.ts'
export { streamingOf } from './streaming.ts'
export { createTextBook, type TextBook, type TextOverrides, textProblems } from './texts.ts'
export { estimateTokens } from './tokens.ts'
export { TurnContext } from './turn-context.ts'
