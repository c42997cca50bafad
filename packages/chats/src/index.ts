export {
  type AskedQuestion,
  type ChatMemory,
  type ChatSettings,
  choiceWrites,
  type DialogueState,
  forgetWrites,
  loadContext,
  loadMemory,
  memoryWrites,
  NO_MEMORY,
} from './chat-memory.ts'
export { type AwaitedText, type ChosenSettings, type SettingsKeys, settingsKeysOf } from './chat-settings.ts'
export type { ChatWrite } from './chat-write.ts'
export { chooseNow } from './choose-now.ts'
export type { ChatContext, ContextAttachment, ContextMessage, ContextSummary } from './context.ts'
export { keepSummary } from './keep-summary.ts'
export {
  packSession,
  readSession,
  SESSION_MAX_BYTES,
  type SessionChange,
  type SessionRecord,
  SessionTooLargeError,
  sessionWrites,
  writeSessionNow,
} from './session.ts'
export {
  type Cost,
  createSpend,
  HOLD_MS,
  isBounded,
  isSpent,
  type Overdue,
  type Reserved,
  type Spend,
  type Spender,
  type SpendLimit,
  type SpendLimits,
  type SpendScope,
  type Spent,
} from './spend.ts'
