import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'

const START = `
  import { startRedisServer } from '@chatlane/embedded-redis'
  const { url } = await startRedisServer({ endsWithProcess: true })
  process.stdout.write(url + '\\n')
  if (process.argv[1] === 'stay') setInterval(() => undefined, 1000)
`

/** A process that starts a server and tells its address; then it ends, or stays. */
function startLauncher(how: 'end' | 'stay') {
  const child = spawn(process.execPath, ['--input-type=module', '-e', START, how], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    child,
    ended: once(child, 'exit'),
    url: once(child.stdout, 'data').then(([line]) => String(line).trim()),
  }
}

/** Resolves when nothing answers at `url` any more: a connection to what is about to end is closed by that. */
async function gone(url: string): Promise<void> {
  for (;;) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    if (!isThere) return
    await once(socket.resume(), 'close').catch(() => undefined)
  }
}

test('a server that ends with its process keeps it from nothing', async () => {
  const { ended, url } = startLauncher('end')
  const address = await url
  expect(await ended).toEqual([0, null])
  await gone(address)
})

test('a server ends also where its process was killed', async () => {
  const { child, ended, url } = startLauncher('stay')
  const address = await url
  child.kill('SIGKILL')
  await ended
  await gone(address)
})
