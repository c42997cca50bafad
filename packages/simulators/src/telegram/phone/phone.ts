/** All that people can do, under one name each; the same names are served under `/sim/`. */
import type { World } from '../world.ts'
import { injectUpdate, pressButton } from './buttons.ts'
import { forwardMessage } from './forwarding.ts'
import { askInline, chooseInline } from './inline.ts'
import { joinGroup, leaveGroup, requestJoin, setMembership, setRole } from './joining.ts'
import { pay } from './payments.ts'
import { createGroup, createTopic, createUser, deactivate, migrate, setBlocked } from './people.ts'
import { react } from './reacting.ts'
import { sendContact, sendLocation, sendSticker } from './sharing.ts'
import { deleteMessage, stopGeneration } from './stopping.ts'
import { editText, sendAlbum, sendFile, sendLongText, sendText } from './talk.ts'
import { vote } from './voting.ts'

const actions = {
  createUser,
  createGroup,
  createTopic,
  sendText,
  sendLongText,
  editText,
  sendFile,
  sendAlbum,
  forwardMessage,
  sendContact,
  sendLocation,
  sendSticker,
  deleteMessage,
  pressButton,
  askInline,
  chooseInline,
  pay,
  vote,
  react,
  stopGeneration,
  setBlocked,
  deactivate,
  joinGroup,
  requestJoin,
  leaveGroup,
  setMembership,
  setRole,
  migrate,
  injectUpdate,
}

type Actions = typeof actions

/** People's doings; each throws `SimulatorError` for unknown people, chats, messages and buttons. */
export type Phone = {
  [Name in keyof Actions]: (options: Parameters<Actions[Name]>[1]) => ReturnType<Actions[Name]>
}

/** Binds the doings to a world. */
export function createPhone(world: World): Phone {
  const bound = Object.entries(actions).map(([name, action]) => [
    name,
    (options: never) => action(world, options),
  ])
  return Object.fromEntries(bound) as Phone
}
