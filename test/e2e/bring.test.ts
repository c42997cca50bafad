import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openStack, type Stack, TOKEN } from './stack.ts'

const ANNA = 11
const GROUP = -1000000000077
const BOT_FILE = fileURLToPath(new URL('bots/many-ways.mjs', import.meta.url))
const BRING = fileURLToPath(new URL('../../apps/bring/src/main.ts', import.meta.url))

async function bringSessions(stack: Stack, sessions: unknown): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'chatlane-'))
  await writeFile(join(folder, 'sessions.json'), JSON.stringify(sessions))
  const { url, prefix } = stack.redis
  const child = spawn(process.execPath, [BRING, 'sessions', 'sessions.json'], {
    cwd: folder,
    env: { REDIS_URL: url, REDIS_PREFIX: prefix, TELEGRAM_BOT_TOKEN: TOKEN },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  return code
}

test('sessions that were brought go on where they were, in private chats and in groups', async () => {
  const stack = await openStack({ environment: { HANDLERS: BOT_FILE, MERGE_WINDOW_MS: '0' } })
  const sessions = [
    { id: `${ANNA}:${ANNA}`, data: { count: 41 } },
    { id: `${GROUP}:${ANNA}`, data: { count: 6 } },
  ]
  expect(await bringSessions(stack, { sessions })).toBe(0)
  const { phone } = stack.telegram
  phone.createUser({ id: ANNA })
  phone.createGroup({ id: GROUP, members: [ANNA] })
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  phone.sendText({ from: ANNA, text: '/count' })
  phone.sendText({ from: ANNA, chat: GROUP, text: '/count' })
  const said = (chat: number) => stack.telegram.messages(chat).at(-1)?.message.text
  await stack.telegram.waitUntil(() => said(ANNA) === 'count 42' && said(GROUP) === 'count 7', 30_000)
})
