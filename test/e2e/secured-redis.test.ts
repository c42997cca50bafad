import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { startRedisServer } from '@chatlane/embedded-redis'
import { startCommand, until } from '@chatlane/test-kit'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { openStack, TOKEN } from './stack.ts'

const ANNA = 11
const PREFIX = 'guarded'
const pem = (name: string) => fileURLToPath(new URL(`tls/${name}.pem`, import.meta.url))
/** The rights that SECURITY.md names. */
const RIGHTS = `~${PREFIX}:* &${PREFIX}:* +@all -@admin -@dangerous +info`

test('over TLS, as a user with the least rights, everything works', async () => {
  const port = await freePort()
  const server = await startRedisServer({
    args: [
      ...['--tls-port', String(port), '--tls-auth-clients', 'no'],
      ...['--tls-cert-file', pem('cert'), '--tls-key-file', pem('key')],
    ],
  })
  onTestFinished(() => server.stop())
  const owner = new Redis(server.url)
  await owner.call('ACL', 'SETUSER', 'lanes', 'on', '>secret', ...RIGHTS.split(' '))
  owner.disconnect()
  const guarded = {
    REDIS_URL: `rediss://lanes:secret@127.0.0.1:${port}`,
    REDIS_PREFIX: PREFIX,
    NODE_EXTRA_CA_CERTS: pem('cert'),
  }
  const stack = await openStack({ environment: { ...guarded, MERGE_WINDOW_MS: '0' } })
  stack.telegram.phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
  const [monitor] = await Promise.all(
    (['monitor', 'gateway', 'worker', 'sender'] as const).map((name) => stack.start(name)),
  )
  const replies = () => stack.telegram.messages(ANNA).filter(({ by }) => by === 'bot')
  const said = ['/start', 'hello', '/model', '/settings', '/usage', '/context', '/new', '/forget', 'again']
  for (const [nth, text] of said.entries()) {
    stack.telegram.phone.sendText({ from: ANNA, text })
    await until(() => replies().length > nth)
  }
  for (const path of ['/api/queues', '/metrics'])
    expect((await fetch(`${await monitor?.address}${path}`)).status).toBe(200)
  const commands = [
    ['chat', String(ANNA), 'show'],
    ['dead-letters', 'list'],
    ['chat', String(ANNA), 'forget', '-y'],
  ]
  for (const [name, ...args] of commands) {
    const main = fileURLToPath(new URL(`../../apps/${name}/src/main.ts`, import.meta.url))
    const ended = startCommand({ main, args, env: { ...guarded, TELEGRAM_BOT_TOKEN: TOKEN } }).ended
    expect(await ended).toMatchObject({ code: 0, err: '' })
  }
  const complaints = stack
    .running()
    .flatMap(({ lines }) => lines)
    .filter((line) => /NOPERM|NOAUTH|"level":"(error|fatal)"/.test(line))
  expect(complaints).toEqual([])
}, 120_000)

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
