import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTelegramSimulator } from '@chatlane/simulators'
import { until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createBotApi } from '../src/api.ts'
import { createFileDownloads } from '../src/download.ts'

const TOKEN = '7001:AAtoken-of-the-download-tests'
const LIMITS = { mostBytes: 1000 }

function open(apiRoot: string, timeoutMs?: number) {
  const api = createBotApi({ apiRoot })
  const downloads = createFileDownloads({ apiRoot, api, ...(timeoutMs && { timeoutMs }) })
  onTestFinished(async () => {
    await Promise.all([downloads.close(), api.close()])
  })
  return downloads
}

async function openSimulated() {
  const telegram = await createTelegramSimulator({ bots: [{ token: TOKEN, username: 'b', firstName: 'B' }] })
  onTestFinished(() => telegram.close())
  telegram.phone.createUser({ id: 5 })
  const send = (bytes: Buffer) => {
    const message = telegram.phone.sendFile({ from: 5, kind: 'document', bytes, fileName: 'a b.txt' })
    return (message.document as { file_id: string }).file_id
  }
  return { telegram, send, downloads: open(telegram.url) }
}

/** A Bot API that names `filePath` for every file, and answers its download by `serve`. */
async function openServer(
  filePath: string,
  serve: (response: import('node:http').ServerResponse) => void = (response) => response.end('served'),
) {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/file/')) return serve(response)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ok: true, result: { file_id: 'x', file_path: filePath } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a file is downloaded as it is', async () => {
  const { send, downloads } = await openSimulated()
  const bytes = Buffer.from([1, 2, 3])
  expect(await downloads.download(TOKEN, send(bytes), LIMITS)).toEqual({ kind: 'done', bytes })
})

test('a file that is too large is left alone, whoever says so', async () => {
  const { send, downloads } = await openSimulated()
  const ours = await downloads.download(TOKEN, send(Buffer.alloc(1001)), LIMITS)
  const huge = await downloads.download(TOKEN, send(Buffer.alloc(21 * 1024 * 1024)), { mostBytes: 2 ** 30 })
  expect([ours, huge]).toEqual([{ kind: 'too-large' }, { kind: 'too-large' }])
  const unmeasured = await openServer('a', (response) => {
    response.write(Buffer.alloc(600))
    response.end(Buffer.alloc(600))
  })
  expect(await open(unmeasured).download(TOKEN, 'x', LIMITS)).toEqual({ kind: 'too-large' })
})

test('a file that Telegram does not know is gone', async () => {
  const { downloads } = await openSimulated()
  expect(await downloads.download(TOKEN, 'unknown', LIMITS)).toEqual({ kind: 'gone' })
})

test('what fails names neither the token nor an address', async () => {
  const broken = await openServer('a', (response) => response.destroy())
  const silent = await openServer('a', () => undefined)
  const failing = await openServer('a', (response) => response.writeHead(502).end())
  const outcomes = [
    await open(broken).download(TOKEN, 'x', LIMITS),
    await open(silent, 200).download(TOKEN, 'x', LIMITS),
    await open(failing).download(TOKEN, 'x', LIMITS),
    await open('http://127.0.0.1:1').download(TOKEN, 'x', LIMITS),
  ]
  expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'failed', 'failed', 'failed'])
  expect(JSON.stringify(outcomes)).not.toMatch(/AAtoken|127\.0\.0\.1/)
})

test('a local server’s files are read from the disk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chatlane-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'photo.jpg')
  writeFileSync(path, 'on the disk')
  const local = open(await openServer(path))
  expect(await local.download(TOKEN, 'x', LIMITS)).toEqual({
    kind: 'done',
    bytes: Buffer.from('on the disk'),
  })
  expect(await local.download(TOKEN, 'x', { mostBytes: 3 })).toEqual({ kind: 'too-large' })
  const missing = open(await openServer(join(folder, 'nothing')))
  expect(await missing.download(TOKEN, 'x', LIMITS)).toEqual({ kind: 'failed', detail: 'ENOENT' })
})

test('a download that hangs ends when the process does', async () => {
  const { telegram, send } = await openSimulated()
  const api = createBotApi({ apiRoot: telegram.url })
  const downloads = createFileDownloads({ apiRoot: telegram.url, api, timeoutMs: 600_000 })
  telegram.addFault({ kind: 'delay', method: 'getFile', delayMs: 600_000 })
  const hanging = downloads.download(TOKEN, send(Buffer.from('x')), LIMITS)
  await until(() => telegram.faults().length === 0)
  await Promise.all([downloads.close(), api.close()])
  expect((await hanging).kind).toBe('failed')
})
