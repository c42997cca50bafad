/** Methods that send small things: sendLocation, sendVenue, sendContact, sendDice. */
import { badRequest } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { type Params, readString } from '../params.ts'
import { readContact, readLocation, readVenue } from './input-content.ts'
import type { Call, Method, Methods } from './method.ts'
import { destinationOf, post } from './sending.ts'

/** How many faces each emoji has (core.telegram.org/bots/api#dice). */
const FACES: Record<string, number> = { '🎲': 6, '🎯': 6, '🎳': 6, '🏀': 5, '⚽': 5, '🎰': 64 }

function sender(read: (params: Params) => Record<string, unknown>): Method {
  return {
    cost: 'send',
    run: (call): Message => {
      const content = read(call.params)
      return post(call, destinationOf(call), content)
    },
  }
}

function sendDice(call: Call): Message {
  // With or without the selector of its coloured form.
  const emoji = (readString(call.params, 'emoji') || '🎲').replace('\ufe0f', '')
  const faces = FACES[emoji]
  const destination = destinationOf(call)
  if (faces === undefined) throw badRequest('EMOTICON_INVALID')
  const value = 1 + Math.floor(call.world.dice() * faces)
  return post(call, destination, { dice: { emoji, value } })
}

/** Methods for locations, contacts and dice. */
export const contentMethods: Methods = {
  sendLocation: sender((params) => readLocation(params)),
  sendVenue: sender(readVenue),
  sendContact: sender(readContact),
  sendDice: { cost: 'send', run: sendDice },
}
