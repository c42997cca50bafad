/** Methods about the bot itself: its texts, its menu button, its session. */
import { badRequest } from '../bot-api-error.ts'
import type { ProfileText } from '../bot-profile.ts'
import { isObject, readJson, readString, readUserId } from '../params.ts'
import type { Call, Method, Methods } from './method.ts'

/** Longest texts (core.telegram.org/bots/api#setmyname and its siblings). */
const MOST: Record<ProfileText, number> = { name: 64, description: 512, short_description: 120 }
const TOO_LONG: Record<ProfileText, string> = {
  name: 'BOT_TITLE_INVALID',
  description: 'BOT_DESCRIPTION_INVALID',
  short_description: 'BOT_ABOUT_INVALID',
}
const COMMANDS = { type: 'commands' }
const DEFAULT = { type: 'default' }

function getter(text: ProfileText): Method {
  return {
    cost: 'free',
    run: ({ bot, params }) => ({
      [text]: bot.profile.get(text, readString(params, 'language_code') ?? ''),
    }),
  }
}

function setter(text: ProfileText): Method {
  return {
    cost: 'free',
    run: ({ bot, params }) => {
      const value = (readString(params, text) ?? '').trim()
      if ([...value].length > MOST[text]) throw badRequest(TOO_LONG[text])
      bot.profile.set(text, readString(params, 'language_code') ?? '', value)
      bot.user.first_name = bot.profile.get('name', '')
      return true
    },
  }
}

/** 0 stands for all private chats. */
function chatOf({ params }: Call): number {
  return params.chat_id === undefined ? 0 : readUserId(params, 'chat_id')
}

function getChatMenuButton(call: Call): unknown {
  const chatId = chatOf(call)
  return call.bot.profile.menuButtons.get(chatId) ?? (chatId === 0 ? COMMANDS : DEFAULT)
}

function setChatMenuButton(call: Call): true {
  const chatId = chatOf(call)
  const button = readJson(call.params, 'menu_button') ?? DEFAULT
  if (!isObject(button)) throw badRequest("can't parse menu button: MenuButton must be an Object")
  const { type } = button
  if (type !== 'default' && type !== 'commands' && type !== 'web_app') {
    throw badRequest("can't parse menu button: MenuButton has unsupported type")
  }
  if (type === 'default') call.bot.profile.menuButtons.delete(chatId)
  else call.bot.profile.menuButtons.set(chatId, button)
  return true
}

/** Nobody has a photo in the simulator. */
function getUserProfilePhotos({ world, params }: Call): unknown {
  if (world.anybody(readUserId(params)) === undefined) throw badRequest('user not found')
  return { total_count: 0, photos: [] }
}

/** Methods about the bot. */
export const profileMethods: Methods = {
  getMyName: getter('name'),
  setMyName: setter('name'),
  getMyDescription: getter('description'),
  setMyDescription: setter('description'),
  getMyShortDescription: getter('short_description'),
  setMyShortDescription: setter('short_description'),
  getChatMenuButton: { cost: 'free', run: getChatMenuButton },
  setChatMenuButton: { cost: 'free', run: setChatMenuButton },
  getUserProfilePhotos: { cost: 'free', run: getUserProfilePhotos },
  logOut: { cost: 'free', run: () => true },
  close: { cost: 'free', run: () => true },
}
