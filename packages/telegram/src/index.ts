// Telegram: reading updates, writing messages, calling the Bot API.
export { type BotIdentity, isAddressedToBot } from './addressing.ts'
export { ALL_UPDATES, ALLOWED_UPDATES } from './allowed-updates.ts'
export { type Announcement, writeAnnouncement } from './announcement.ts'
export { type BotApi, type BotApiOptions, type CallOptions, createBotApi, type RawCall } from './api.ts'
export { answerOf, type BotAnswer, floodAnswer } from './bot-answer.ts'
export { type CallCost, costOf, isRepeatable, itemsOf } from './call-cost.ts'
export type { CallOutcome } from './call-outcome.ts'
export { type CallRoute, callChat, routeOf } from './call-route.ts'
export { type CodeFile, type CodeFileOptions, longCodeFiles } from './code-files.ts'
export {
  type AlbumItem,
  type AuthorCall,
  type BotCall,
  CAPTION_MAX_UNITS,
  type DeleteMessages,
  type Delivery,
  type EditText,
  type React,
  type SendAlbum,
  type SendDocument,
  type SendPhoto,
  type SendText,
  type SendVoice,
  type TypedDelivery,
} from './delivery.ts'
export { deliveryCall } from './delivery-call.ts'
export {
  createFileDownloads,
  type DownloadLimits,
  type DownloadOutcome,
  type FileDownloads,
} from './download.ts'
export { type CallFile, type FileSource, UPLOAD_MAX_BYTES } from './file-source.ts'
export type { EntityType, FormattedText, MessageEntity } from './formatted-text.ts'
export type { Heard, HeardFile, HeardMark, Quotation } from './heard.ts'
export { CALLBACK_DATA_MAX_BYTES, type InlineButton, type InlineKeyboard } from './inline-keyboard.ts'
export { createLiveRendering, type LiveRendering } from './live-rendering.ts'
export { renderMarkdown } from './markdown.ts'
export { renderUnfinished } from './markdown-unfinished.ts'
export { leadingCommand } from './message-entity.ts'
export { cutPages, type PageLimits } from './pages.ts'
export {
  addressParameters,
  namedPlace,
  type Place,
  type PlaceAddress,
  placeAddress,
  unnamedPlace,
} from './place.ts'
export { plainFallback } from './plain-fallback.ts'
export { readMessage, speakerOf } from './read-message.ts'
export { classifyRefusal, type RefusalReason } from './refusals.ts'
export { textOfDelivery, textOfLetter, textOfUpdate } from './stored-text.ts'
export {
  afterStep,
  finalStep,
  leftOver,
  type PageNumber,
  type PageStep,
  previewStep,
  readShown,
  type ShownStream,
  type StreamState,
  withoutMessage,
  writeShown,
} from './stream-view.ts'
export { TELEGRAM_ADDRESSES } from './telegram-addresses.ts'
export { typedUpdate } from './typed-update.ts'
export { type ChatType, type LaneOwner, type ParsedUpdate, readUpdate, type UpdateReading } from './update.ts'
export { defaultWebhookSecret, secretMatches } from './webhook-secret.ts'
