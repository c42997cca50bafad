/** Does what the command was asked to do. */
import { readFile } from 'node:fs/promises'
import { botOfCommand, requireAgreement, type Terminal, UsageError } from '@chatlane/command'
import {
  type Audience,
  type BroadcastStatus,
  type Broadcasts,
  botOfBroadcast,
  broadcastId,
  ChatIdError,
  hasEnded,
} from '@chatlane/lanes'
import { writeAnnouncement } from '@chatlane/telegram'
import { countChatFile, readChatFile } from './chat-file.ts'
import type { Command, SendCommand } from './command.ts'
import { follow } from './follow.ts'
import { USAGE } from './usage.ts'
import { description, inChats, inFigures, progressLine } from './words.ts'

/** What running needs. */
export interface RunParts {
  broadcasts: Broadcasts
  audience: Audience
  botIds: readonly string[]
  terminal: Terminal
  /** What aborts where the user does not want to follow any longer. */
  interruption(): AbortSignal
}

/** Runs `command`. Throws a UsageError where it can't be done as it was asked. */
export async function run(parts: RunParts, command: Command): Promise<void> {
  const { terminal, broadcasts } = parts
  switch (command.kind) {
    case 'help':
      return terminal.say(USAGE)
    case 'send':
      return send(parts, command)
    case 'list':
      return list(parts, command)
    case 'status': {
      const status =
        command.id === undefined ? await newest(parts, command) : await found(parts, command, command.id)
      for (const line of description(status)) terminal.say(line)
      return
    }
  }
  const status = await found(parts, command, command.id)
  switch (command.kind) {
    case 'follow':
      return following(parts, status)
    case 'stop': {
      if (hasEnded(status)) throw new UsageError(`${status.id} is ${status.state} already`)
      return terminal.say(progressLine((await broadcasts.stop(status.id)) ?? status))
    }
    case 'resume': {
      if (status.state === 'done') throw new UsageError(`${status.id} is done already`)
      const resumed = (await broadcasts.resume(status.id)) ?? status
      return command.isDetached ? terminal.say(progressLine(resumed)) : following(parts, resumed)
    }
    case 'unknown':
      for await (const chats of broadcasts.unknowns(status.id)) for (const chat of chats) terminal.say(chat)
      return
    case 'resend':
      return resend(parts, { ...command, status })
  }
}

async function send(parts: RunParts, command: Command & SendCommand): Promise<void> {
  const { broadcasts, audience, terminal } = parts
  const { to, photo, paidPerSecond } = command
  const botId = botOfCommand(parts.botIds, command.botId)
  const payload = await readMessage(command, photo)
  const count = to === 'all' ? await audience.size(botId) : await countChatFile(to.file)
  if (count === 0)
    throw new UsageError(to === 'all' ? `bot ${botId} knows no chats yet` : `${to.file} names no chats`)
  const paid = paidPerSecond === undefined ? '' : `, paid, at ${inFigures(paidPerSecond)} a second`
  await agree(parts, command.isAgreed, `Send to ${inChats(count)} of bot ${botId}${paid}?`)
  const created = await broadcasts
    .create({ botId, payload, audience: to === 'all' ? to : readChatFile(to.file), paidPerSecond })
    .catch((error: Error) => {
      throw error instanceof ChatIdError ? new UsageError(error.message) : error
    })
  terminal.say(`${created.id}: ${created.state}, to ${inChats(created.total)}`)
  if (!command.isDetached) await following(parts, created)
}

async function readMessage(command: SendCommand, photo: string | undefined): Promise<string> {
  const { text, textFile } = command
  const markdown =
    textFile === undefined
      ? (text ?? '')
      : await readFile(textFile, 'utf8').catch((error: Error) => {
          throw new UsageError(`${textFile} can't be read: ${error.message}`)
        })
  const written = writeAnnouncement({ markdown, photo })
  if (written.kind === 'blank') throw new UsageError('the text is blank')
  if (written.kind === 'too-long') {
    const what = photo === undefined ? 'a message' : "a photo's caption"
    throw new UsageError(
      `the text takes ${inFigures(written.units)} characters, or too much formatting; ${what} takes ${inFigures(written.maxUnits)} characters and 100 stretches of formatting`,
    )
  }
  return JSON.stringify(written.delivery)
}

async function list(parts: RunParts, command: Command): Promise<void> {
  const bots = command.botId === undefined ? parts.botIds : [botOfCommand(parts.botIds, command.botId)]
  for (const botId of bots)
    for (const status of await parts.broadcasts.list(botId)) parts.terminal.say(progressLine(status))
}

async function resend(
  parts: RunParts,
  command: { isAgreed: boolean; isDetached: boolean; status: BroadcastStatus },
): Promise<void> {
  const { broadcasts, terminal } = parts
  const { id, unknown, resentAs } = command.status
  if (resentAs === undefined && unknown > 0)
    await agree(parts, command.isAgreed, `Send ${id} again to ${inChats(unknown)} that may have got it?`)
  const resent = await broadcasts.resendUnknown(id)
  switch (resent.kind) {
    case 'nobody':
      throw new UsageError(`nobody in ${id} is unknown`)
    case 'running':
      throw new UsageError(`${id} has not ended yet: who is unknown is known at its end`)
    case 'early':
      throw new UsageError(`answers may still come: try again in ${Math.ceil(resent.ms / 1000)} s`)
    case 'resent':
      throw new UsageError(`that was done already, as ${resent.as}`)
    case 'created':
      terminal.say(`${resent.broadcast.id}: to ${inChats(resent.broadcast.total)}`)
      if (!command.isDetached) await following(parts, resent.broadcast)
  }
}

async function following(parts: RunParts, { id }: BroadcastStatus): Promise<void> {
  const { broadcasts, terminal, interruption } = parts
  await follow({ look: () => broadcasts.status(id), terminal, signal: interruption() })
}

async function agree(parts: RunParts, isAgreed: boolean, question: string): Promise<void> {
  await requireAgreement(parts.terminal, { isAgreed, question, otherwise: 'nothing was sent' })
}

/** The broadcast with `id`, whose bot need not be named where there is but one. */
async function found(parts: RunParts, command: Command, id: string): Promise<BroadcastStatus> {
  const full = /^\d+$/.test(id) ? broadcastId(botOfCommand(parts.botIds, command.botId), Number(id)) : id
  const status = botOfBroadcast(full) === undefined ? undefined : await parts.broadcasts.status(full)
  if (!status) throw new UsageError(`there is no broadcast ${full}; ended ones are kept for 30 days`)
  return status
}

async function newest(parts: RunParts, command: Command): Promise<BroadcastStatus> {
  const botId = botOfCommand(parts.botIds, command.botId)
  const [status] = await parts.broadcasts.list(botId)
  if (!status) throw new UsageError(`bot ${botId} has no broadcasts`)
  return status
}
