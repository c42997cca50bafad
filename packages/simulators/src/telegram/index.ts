/** What the Telegram simulator shows to the outside. */

export { SimulatorError } from './bot-api-error.ts'
export type {
  Chat,
  ChatType,
  FormattedText,
  Message,
  MessageEntity,
  ResponseParameters,
  Update,
  User,
} from './bot-api-types.ts'
export type { ChatView, SimulatorState } from './controls.ts'
export { WaitError } from './event-hub.ts'
export type { EventOf, EventType, SimulatorEvent } from './events.ts'
export type {
  ActiveFault as ActiveTelegramFault,
  Fault as TelegramFault,
  FaultKind as TelegramFaultKind,
} from './faults.ts'
export type { ShownInlineAnswer } from './inline-answer.ts'
export type { BotLedger, Excess, Ledger as TelegramLedger, LimitKind } from './ledger.ts'
export type { ShownDraft } from './live-drafts.ts'
export type {
  BotOptions,
  DeliveryFaults,
  LimitOptions,
  StrangerRule,
  TelegramSimulatorOptions,
} from './options.ts'
export type { Phone } from './phone/phone.ts'
export type { PostedMessage, ShownAction, ShownAnswer, ShownText } from './room.ts'
export { createTelegramSimulator, type TelegramSimulator } from './telegram-simulator.ts'
export type { UploadedFile } from './uploaded-file.ts'
