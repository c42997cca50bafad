export {
  type ChatMemory,
  type ChatSettings,
  type DialogueState,
  loadMemory,
  memoryWrites,
  NO_MEMORY,
} from './chat-memory.ts'
export type { ChatWrite } from './chat-write.ts'
export type { ChatContext, ContextMessage } from './context.ts'
export { createSpend, type Spend } from './spend.ts'
