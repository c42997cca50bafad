// The Bot API call that a delivery becomes.
import type {
  AlbumItem,
  BotCall,
  DeleteMessages,
  Delivery,
  EditText,
  React,
  SendAlbum,
  SendDocument,
  SendPhoto,
  SendText,
  SendVoice,
} from './delivery.ts'
import { type CallFile, fileParameter } from './file-source.ts'
import type { FormattedText } from './formatted-text.ts'
import { keyboardParameter } from './inline-keyboard.ts'
import type { JsonObject } from './json-fields.ts'
import { addressParameters } from './place.ts'

/** The Bot API call of a delivery. `files` is there where bytes go with it. Throws nothing. */
export function deliveryCall(delivery: Delivery): BotCall {
  if ('payload' in delivery) return delivery
  switch (delivery.method) {
    case 'sendMessage':
      return textCall(delivery)
    case 'sendPhoto':
      return fileCall('photo', delivery)
    case 'sendDocument':
      return fileCall('document', delivery)
    case 'sendVoice':
      return fileCall('voice', delivery)
    case 'sendMediaGroup':
      return albumCall(delivery)
    case 'setMessageReaction':
      return reactionCall(delivery)
    case 'editMessageText':
      return editCall(delivery)
    case 'deleteMessages':
      return deletionCall(delivery)
  }
}

function textCall(delivery: SendText): BotCall {
  const { method, text, entities, keyboard } = delivery
  return {
    method,
    payload: {
      ...sendParameters(delivery),
      ...textParameters(text, entities),
      ...keyboardParameter(keyboard),
    },
  }
}

function fileCall(kind: string, delivery: SendPhoto | SendDocument | SendVoice): BotCall {
  const { method, file, caption, keyboard } = delivery
  const files: CallFile[] = []
  const value = fileParameter(file, kind, files)
  const payload = {
    ...sendParameters(delivery),
    ...(value !== undefined && { [kind]: value }),
    ...captionParameters(caption),
    ...keyboardParameter(keyboard),
  }
  return withFiles({ method, payload }, files)
}

function albumCall(delivery: SendAlbum): BotCall {
  const { method, items } = delivery
  const files: CallFile[] = []
  const media = items.map((item, index) => albumItem(item, `file${index}`, files))
  return withFiles({ method, payload: { ...sendParameters(delivery), media } }, files)
}

function albumItem({ type, file, caption }: AlbumItem, field: string, files: CallFile[]): JsonObject {
  const media = fileParameter(file, field, files) ?? `attach://${field}`
  return { type, media, ...captionParameters(caption) }
}

// Neither reactions nor edits name a topic: the message's id says it.
function reactionCall({ method, chatId, messageId, emoji }: React): BotCall {
  const reaction = emoji === undefined ? [] : [{ type: 'emoji', emoji }]
  return { method, payload: { chat_id: chatId, message_id: messageId, reaction } }
}

function editCall({
  method,
  chatId,
  messageId,
  text,
  entities,
  keyboard,
  businessConnectionId,
}: EditText): BotCall {
  const payload = {
    ...(businessConnectionId !== undefined && { business_connection_id: businessConnectionId }),
    chat_id: chatId,
    message_id: messageId,
    ...textParameters(text, entities),
    ...keyboardParameter(keyboard),
  }
  return { method, payload }
}

// Messages of a business account have a method of their own, which names no chat.
function deletionCall({ method, chatId, messageIds, businessConnectionId }: DeleteMessages): BotCall {
  if (businessConnectionId === undefined) {
    return { method, payload: { chat_id: chatId, message_ids: messageIds } }
  }
  return {
    method: 'deleteBusinessMessages',
    payload: { business_connection_id: businessConnectionId, message_ids: messageIds },
  }
}

function sendParameters(delivery: SendText | SendPhoto | SendDocument | SendVoice | SendAlbum): JsonObject {
  const { chatId, replyToMessageId } = delivery
  return {
    chat_id: chatId,
    ...addressParameters(delivery),
    ...(replyToMessageId !== undefined && {
      reply_parameters: { message_id: replyToMessageId, allow_sending_without_reply: true },
    }),
  }
}

function textParameters(text: string, entities: FormattedText['entities']): JsonObject {
  return { text, link_preview_options: { is_disabled: true }, ...(entities.length > 0 && { entities }) }
}

function captionParameters(caption: FormattedText | undefined): JsonObject {
  if (caption === undefined || caption.text === '') return {}
  const { text, entities } = caption
  return { caption: text, ...(entities.length > 0 && { caption_entities: entities }) }
}

function withFiles(call: BotCall, files: CallFile[]): BotCall {
  return files.length > 0 ? { ...call, files } : call
}
