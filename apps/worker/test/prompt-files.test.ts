import type { Attachment, PromptMessage } from '@chatlane/dialogue'
import { createTelegramSimulator } from '@chatlane/simulators'
import { createBotApi, createFileDownloads } from '@chatlane/telegram'
import { until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createByteRoom } from '../src/files/byte-room.ts'
import { createFileCache } from '../src/files/file-cache.ts'
import { fillPrompt } from '../src/files/prompt-files.ts'

const TOKEN = '7001:AAtoken-of-the-prompt-files-tests'
const BOT = '7001'
const SENSES = { pictures: true, sounds: 'all' } as const
const JPEG = Buffer.from('\xff\xd8\xff\xe0 a picture', 'latin1')
const signal = new AbortController().signal

async function open(cacheBytes?: number) {
  const telegram = await createTelegramSimulator({ bots: [{ token: TOKEN, username: 'b', firstName: 'B' }] })
  const api = createBotApi({ apiRoot: telegram.url })
  const cache = createFileCache({
    // Longer than any test: what hangs hangs.
    downloads: createFileDownloads({ apiRoot: telegram.url, api, timeoutMs: 600_000 }),
    token: () => TOKEN,
    ...(cacheBytes !== undefined && { cacheBytes }),
  })
  onTestFinished(async () => {
    await Promise.all([cache.close(), api.close()])
    await telegram.close()
  })
  telegram.phone.createUser({ id: 5 })
  return {
    telegram,
    cache,
    room: createByteRoom(1_000_000),
    fetched: () => telegram.ledger().bots[0]?.calls.getFile ?? 0,
    send(bytes: Buffer, kind: Attachment['kind'] = 'picture'): Attachment {
      const message = telegram.phone.sendFile({ from: 5, kind: 'document', bytes })
      return { kind, fileId: (message.document as { file_id: string }).file_id, tokens: 1 }
    },
  }
}

const asked = (...attachments: Attachment[]): PromptMessage => ({
  role: 'user',
  content: 'what?',
  attachments,
})
const picture = { type: 'image_url', image_url: { url: `data:image/jpeg;base64,${JPEG.toString('base64')}` } }

test('files that were asked about are fetched once', async () => {
  const files = await open()
  const messages = [asked(files.send(JPEG))]
  for (const _ of [1, 2]) {
    const { messages: filled, release } = await fillPrompt(files, {
      botId: BOT,
      messages,
      senses: SENSES,
      signal,
    })
    release()
    expect(filled).toEqual([{ role: 'user', content: [{ type: 'text', text: 'what?' }, picture] }])
  }
  expect(files.fetched()).toBe(1)
})

test('questions about one file at once wait for one download', async () => {
  const files = await open()
  const { fileId } = files.send(JPEG)
  const loads = [1, 2, 3].map(() => files.cache.load({ botId: BOT, fileId, mostBytes: 100 }))
  const kinds = (await Promise.all(loads)).map(({ kind }) => kind)
  expect([kinds, files.fetched()]).toEqual([['loaded', 'loaded', 'loaded'], 1])
})

test('what the memory has no room for is fetched again, the longest unused first', async () => {
  const files = await open(JPEG.length * 2)
  const sent = [1, 2, 3].map(() => files.send(JPEG).fileId)
  const load = (nth: number) => files.cache.load({ botId: BOT, fileId: sent[nth] ?? '', mostBytes: 100 })
  for (const nth of [0, 1, 0, 2]) await load(nth)
  expect(files.fetched()).toBe(3)
  await load(0)
  expect(files.fetched()).toBe(3)
  await load(1)
  expect(files.fetched()).toBe(4)
})

test('what is gone, or is not what it was taken for, is a mark', async () => {
  const files = await open()
  const gone: Attachment = { kind: 'picture', fileId: 'gone', tokens: 1 }
  const messages = [asked(gone, { ...files.send(JPEG, 'pdf'), fileName: 'a.pdf' })]
  const filled = await fillPrompt(files, { botId: BOT, messages, senses: SENSES, signal })
  expect(filled.messages).toEqual([{ role: 'user', content: 'what?\n⟦picture⟧\n⟦file "a.pdf"⟧' }])
})

test('what another model could see is a mark to one that cannot', async () => {
  const files = await open()
  const messages = [asked(files.send(JPEG)), { role: 'assistant' as const, content: 'a cat' }, asked()]
  const senses = { pictures: false, sounds: 'none' } as const
  const filled = await fillPrompt(files, { botId: BOT, messages, senses, signal })
  expect(filled.messages[0]).toEqual({ role: 'user', content: 'what?\n⟦picture⟧' })
  expect(files.fetched()).toBe(0)
})

test('a prompt holds room for its files until it is released', async () => {
  const files = await open()
  const room = createByteRoom(JPEG.length * 4)
  const ask = () => fillPrompt({ ...files, room }, { botId: BOT, messages, senses: SENSES, signal })
  const messages = [asked(files.send(JPEG))]
  const first = await ask()
  let isIn = false
  const second = ask().then((filled) => {
    isIn = true
    return filled
  })
  await files.cache.load({ botId: BOT, fileId: messages[0]?.attachments?.[0]?.fileId ?? '', mostBytes: 100 })
  await new Promise((resolve) => setImmediate(resolve))
  expect(isIn).toBe(false)
  first.release()
  const { release } = await second
  release()
})

test('a turn that is given up gets no prompt', async () => {
  const files = await open()
  const messages = [asked(files.send(JPEG))]
  const given = AbortSignal.abort(new Error('given up'))
  await expect(fillPrompt(files, { botId: BOT, messages, senses: SENSES, signal: given })).rejects.toThrow(
    'given up',
  )
})

test('whoever waits for a download that hangs can be given up at once', async () => {
  const files = await open()
  const messages = [asked(files.send(JPEG))]
  files.telegram.addFault({ kind: 'delay', method: 'getFile', delayMs: 600_000 })
  const given = new AbortController()
  const filling = fillPrompt(files, { botId: BOT, messages, senses: SENSES, signal: given.signal })
  await until(() => files.telegram.faults().length === 0)
  given.abort(new Error('given up'))
  await expect(filling).rejects.toThrow('given up')
})
