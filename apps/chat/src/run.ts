/** Does what the command was asked to do. */
import { forgetWrites, settingsKeysOf } from '@chatlane/chats'
import { counted, requireAgreement, type Terminal, UsageError } from '@chatlane/command'
import {
  type ChatName,
  createChatLetters,
  createChatPauses,
  createHomes,
  type DeadLetters,
  eraseChat,
  type Keys,
} from '@chatlane/lanes'
import type { RedisClient } from '@chatlane/runtime'
import { unnamedPlace } from '@chatlane/telegram'
import type { Command } from './command.ts'
import { description } from './description.ts'
import { lookAtChat } from './look-at-chat.ts'

/** What running needs. */
export interface RunParts {
  redis: RedisClient
  keys: Keys
  deadLetters: DeadLetters
  botId: string
  terminal: Terminal
}

/** Runs `command`. Throws a UsageError where it can't be done as it was asked. */
export async function run(parts: RunParts, command: Exclude<Command, { kind: 'help' }>): Promise<void> {
  const { redis, keys, botId, terminal } = parts
  const homeId = await createHomes({ redis, keys }).homeOf(botId, command.chatId)
  const chat = { botId, homeId }
  const pauses = createChatPauses({ redis, keys })
  const letters = createChatLetters(parts)
  const named = `chat ${command.chatId} of bot ${botId}`
  switch (command.kind) {
    case 'show': {
      const shown = await lookAtChat({ redis, keys, letters }, chat, { withTexts: command.withTexts })
      if (command.asJson) terminal.say(JSON.stringify(shown, undefined, 2))
      else for (const line of description(shown)) terminal.say(line)
      return
    }
    case 'forget':
      await requireAgreement(terminal, {
        isAgreed: command.isAgreed,
        question: `Erase everything about ${named}? This can't be undone.`,
        otherwise: 'nothing was erased',
      })
      return terminal.say(await forget({ redis, keys, letters }, chat, named))
    case 'pause': {
      if (!(await pauses.pause(chat))) throw new UsageError(`${named} is paused already`)
      return terminal.say(`${named} is paused: pnpm chat ${command.chatId} resume lets it go on`)
    }
    case 'resume': {
      if (!(await pauses.resume(chat))) throw new UsageError(`${named} is not paused`)
      return terminal.say(`${named} goes on`)
    }
    case 'replay': {
      const count = await letters.replay(chat)
      return terminal.say(`${counted(count, 'dead letter')} of ${named} retried`)
    }
  }
}

async function forget(
  parts: { redis: RedisClient; keys: Keys; letters: ReturnType<typeof createChatLetters> },
  chat: ChatName,
  named: string,
): Promise<string> {
  const { redis, keys, letters } = parts
  // First, or a replay might still put back what is erased.
  const discarded = await letters.discard(chat, 'everywhere')
  const erased = await eraseChat({
    redis,
    keys,
    chat,
    lookIn: 'everywhere',
    writes: (lane) =>
      forgetWrites(
        keys.ofLane(lane, 'chat'),
        settingsKeysOf(keys, { ...lane, place: unnamedPlace(lane.place) }),
      ),
  })
  // No turn asked for it, so that none can be stale.
  if (erased === 'stale') throw new Error('erasing asked for a turn')
  const { updates, deliveries } = erased
  const gone = [
    counted(updates, 'update'),
    counted(deliveries, 'delivery', 'deliveries'),
    counted(discarded, 'dead letter'),
  ]
  return `${named} is forgotten: ${gone.join(', ')} and all that was remembered`
}
