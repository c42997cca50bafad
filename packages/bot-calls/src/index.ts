/** Calls of the Bot API as people make them, sent through outboxes: what authors' handlers and the HTTP door share. */
export {
  type BotCalls,
  type BotCallsParts,
  createBotCalls,
  type PostingCall,
  type PutPosting,
} from './bot-calls.ts'
