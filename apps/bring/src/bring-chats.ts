/** Makes known which chats a bot can reach. */
import { counted, quoted } from '@chatlane/command'
import type { Audience, Homes } from '@chatlane/lanes'
import type { BringTerminal } from './bring-terminal.ts'
import { readChatList } from './chat-list.ts'

/** What bringing chats needs. */
export interface ChatParts {
  audience: Audience
  homes: Homes
  botId: string
  terminal: BringTerminal
}

/** So many chats join with one script: it holds Redis up for some milliseconds. */
const AT_ONCE = 500

/** Brings the chats in `file`. Answers whether all could be brought. */
export async function bringChats(parts: ChatParts, file: string): Promise<boolean> {
  const { audience, homes, botId, terminal } = parts
  let brought = 0
  let added = 0
  let wrongs = 0
  const progress = terminal.progress('chats')
  try {
    for await (const { ids, wrong, bytes, allBytes } of readChatList(file)) {
      for (const { line, text } of wrong)
        terminal.complain(`${file}, line ${line}: ${quoted(text)} is not the id of a chat`)
      wrongs += wrong.length
      const homeIds = await Promise.all(ids.map((id) => (id.startsWith('-') ? homes.homeOf(botId, id) : id)))
      const joining = Array.from({ length: Math.ceil(homeIds.length / AT_ONCE) }, (_, n) =>
        audience.joinAll(botId, homeIds.slice(n * AT_ONCE, (n + 1) * AT_ONCE)),
      )
      for (const count of await Promise.all(joining)) added += count
      brought += ids.length
      progress.show(bytes, allBytes, brought)
    }
  } finally {
    progress.end()
  }
  const skipped = wrongs === 0 ? '' : `; ${wrongs.toLocaleString('en-US')} skipped`
  terminal.say(
    `${counted(brought, 'chat')} of bot ${botId}, ${added.toLocaleString('en-US')} of them new${skipped}`,
  )
  return wrongs === 0
}
