/** Methods that change what a message says: editMessageText, editMessageCaption, editMessageReplyMarkup. */
import { badRequest } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { readObject } from '../params.ts'
import { editByCall } from './edit-by-call.ts'
import type { Call, Methods } from './method.ts'
import { captionFields, readMessageText } from './text-param.ts'

function editMessageText(call: Call): Message | true {
  return editByCall(call, (message) => {
    if (message.text === undefined) throw badRequest('there is no text in the message to edit')
    const { text, entities } = readMessageText(call.bot, call.params)
    const preview = readObject(call.params, 'link_preview_options')
    return {
      text,
      entities: entities.length > 0 ? entities : undefined,
      link_preview_options: preview,
    }
  })
}

function editMessageCaption(call: Call): Message | true {
  return editByCall(call, (message) => {
    if (message.text !== undefined) throw badRequest('there is no caption in the message to edit')
    return { caption: undefined, caption_entities: undefined, ...captionFields(call.bot, call.params) }
  })
}

/** Methods for edits. */
export const editMethods: Methods = {
  editMessageText: { cost: 'send', run: editMessageText },
  editMessageCaption: { cost: 'send', run: editMessageCaption },
  editMessageReplyMarkup: { cost: 'send', run: (call) => editByCall(call, () => ({})) },
}
