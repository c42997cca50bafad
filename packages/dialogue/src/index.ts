export { keepLongest } from './ask-with-tries.ts'
export { type AssistantSettings, createAssistant } from './assistant.ts'
export { choicesOf } from './choices.ts'
export { commandMenu, type MenuCommand } from './command-list.ts'
export { fitTalk, keepTalk } from './conversation.ts'
export { fileMark, filesToSend } from './earlier-files.ts'
export { TREATMENTS, type Treatment } from './fault-treatment.ts'
export type {
  FetchedFile,
  FetchedSpeech,
  FetchedText,
  FilePort,
  FileTrouble,
  Heard,
  HeardFile,
  ModelSenses,
} from './heard.ts'
export { type Language, languageOf } from './language.ts'
export { mark } from './marks.ts'
export type { ModelList, OfferedModel } from './model-list.ts'
export { plainMarkdown, quoteMarkdown } from './plain-markdown.ts'
export type {
  AskModel,
  Attachment,
  AwaitedText,
  ButtonPress,
  Card,
  Choices,
  Conversation,
  Decline,
  FaultCode,
  Keyboard,
  Memory,
  ModelAnswer,
  ModelWindow,
  PressedCard,
  PromptMessage,
  ReplyOptions,
  StreamingMode,
  SummaryWish,
  TurnPort,
  Usage,
} from './ports.ts'
export { stopData } from './stopping.ts'
export { streamingOf } from './streaming.ts'
export { summaryBound, summaryRequest, summaryText } from './summary.ts'
export { createTextBook, type TextBook, type TextOverrides, textProblems } from './texts.ts'
export {
  addCounts,
  countText,
  estimateTokens,
  type PromptCounts,
  STANDARD_WEIGHTS,
  type TokenWeights,
} from './tokens.ts'
export { TurnContext } from './turn-context.ts'
export { promptTokensOf } from './window.ts'
