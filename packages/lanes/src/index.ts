export { type Audience, createAudience, type LeaveReason } from './audience.ts'
export { type Backlog, type BacklogBounds, readBacklog, watchBacklog } from './backlog.ts'
export { type BotLoad, readBotLoad } from './bot-load.ts'
export { type ConductorParts, conductBroadcasts } from './broadcast-conductor.ts'
export { type BroadcastJobs, createBroadcastJobs } from './broadcast-jobs.ts'
export { ChatIdError, type ChatIds, isChatId } from './broadcast-list.ts'
export { botOfBroadcast, broadcastId } from './broadcast-names.ts'
export {
  createRecipients,
  type RecipientAttempt,
  type RecipientResult,
  type Recipients,
} from './broadcast-recipients.ts'
export { type BroadcastStatus, hasEnded, settledOf } from './broadcast-status.ts'
export { type Broadcasts, createBroadcasts, type NewBroadcast, type Resent } from './broadcasts.ts'
export { type Budget, createBudget, createBudgets, type Grant, type GrantUse, type Limits } from './budget.ts'
export {
  type CallEnd,
  type Calls,
  type CallsParts,
  createCalls,
  noteInJournal,
  type OutboxCall,
  type PutCall,
} from './calls.ts'
export { type Census, takeCensus } from './census.ts'
export { indexWrites, noteInIndex } from './chat-index.ts'
export { type ChatLetters, createChatLetters } from './chat-letters.ts'
export { type ChatPauses, createChatPauses } from './chat-pauses.ts'
export { type ChatReport, type LaneReport, reportChat, type WaitingDelivery } from './chat-report.ts'
export { type ConsumerParts, consumeInboxes } from './consumer.ts'
export { createDeadLetters, type DeadLetter, type DeadLetters } from './dead-letters.ts'
export { type Erased, type ErasingWrite, eraseChat } from './erase-chat.ts'
export { createHomes, type Homes } from './homes.ts'
export {
  type Appended,
  createInbox,
  type Inbox,
  type Item,
  type LaneBounds,
  type TakenItem,
} from './inbox.ts'
export type { KeptLetter } from './kept-letter.ts'
export { holdLease, lead } from './leader.ts'
export { createLetters, type LetterFilter, type Letters } from './letters.ts'
export { type Mailbox, openMailbox } from './mailbox.ts'
export {
  createKeys,
  isQueryLane,
  type Keys,
  type LaneName,
  laneFromText,
  laneText,
  QUERY_PLACE,
} from './names.ts'
export {
  type Attempt,
  type AttemptResult,
  type ChatName,
  createOutbox,
  type Outbox,
  type OutgoingDelivery,
  type Published,
  type StreamView,
} from './outbox.ts'
export { hostPumps, type PumpHostParts } from './pump-host.ts'
export { createWakes, QUEUE_NAMES, WAKE_TAKEOVER, type Wakes } from './queues.ts'
export { createReadyOutbox } from './ready-outbox.ts'
export type { Outgoing, SendOutcome } from './send.ts'
export { type SessionName, sessionKey, sessionName } from './session-key.ts'
export { createStops, type Stop, type Stops } from './stops.ts'
export { sweepInboxes, sweepOutboxes } from './sweeper.ts'
export { createTaps, type Taps } from './taps.ts'
export type { Delivery, DeliveryClass, TurnEnd, Write } from './turn-end.ts'
export { createUploads, type UploadEnd, type Uploads } from './uploads.ts'
export type { Turn } from './visit-lane.ts'
