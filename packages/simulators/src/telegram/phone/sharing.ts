/** What people send that is neither text nor a file of theirs: contacts, locations, stickers. */
import { SimulatorError } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { MEDIA_KINDS, storeMedia } from '../media.ts'
import type { World } from '../world.ts'
import { type MessageContext, postByUser } from './phone-post.ts'

/** A contact to be shared. */
export interface UserContact extends MessageContext {
  phoneNumber: string
  /** Of somebody else; the person's own contact without. */
  firstName?: string | undefined
  lastName?: string | undefined
  /** The user whose contact it is, if they are on Telegram. */
  userId?: number | undefined
}

/** A location to be shared. */
export interface UserLocation extends MessageContext {
  latitude: number
  longitude: number
  /** Of a live location. */
  livePeriodSeconds?: number | undefined
}

/** A sticker to be sent. */
export interface UserSticker extends MessageContext {
  /** The emoji that it stands for. */
  emoji?: string | undefined
  setName?: string | undefined
}

/** Shares a contact: without a name the person's own, as the button that asks for it does. */
export function sendContact(world: World, options: UserContact): Message {
  const { phoneNumber, firstName, lastName, userId, ...context } = options
  const { user } = world.user(context.from)
  const isOwn = firstName === undefined
  const contact = {
    phone_number: phoneNumber,
    first_name: firstName ?? user.first_name,
    last_name: isOwn ? user.last_name : lastName,
    user_id: isOwn ? user.id : userId,
  }
  return postByUser(world, context, { contact })
}

/** Shares a location. */
export function sendLocation(world: World, options: UserLocation): Message {
  const { latitude, longitude, livePeriodSeconds, ...context } = options
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
    throw new SimulatorError('there is no such place on Earth')
  }
  const live = livePeriodSeconds === undefined ? {} : { live_period: livePeriodSeconds }
  return postByUser(world, context, { location: { latitude, longitude, ...live } })
}

/** Sends a sticker. */
export function sendSticker(world: World, { emoji, setName, ...context }: UserSticker): Message {
  const file = { bytes: Buffer.from(`sticker ${emoji ?? ''}`), fileName: MEDIA_KINDS.sticker.fileName }
  const details = { emoji: emoji ?? '🙂', setName }
  return postByUser(world, context, storeMedia(world.files, { kind: 'sticker', file, details }))
}
