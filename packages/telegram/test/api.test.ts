import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { type BotApi, type BotApiOptions, createBotApi } from '../src/api.ts'

const token = '123456:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc'
const payload = { chat_id: 1, text: 'a secret text' }
const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function listen(server: Pick<Server, 'listen' | 'address' | 'close'>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function serve(listener: RequestListener, options: Partial<BotApiOptions> = {}): Promise<BotApi> {
  const server = createServer(listener)
  const apiRoot = await listen(server)
  cleanups.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return create({ apiRoot, ...options })
}

function create(options: BotApiOptions): BotApi {
  const api = createBotApi(options)
  cleanups.push(() => api.close())
  return api
}

function answer(status: number, body: unknown, headers: Record<string, string> = {}): RequestListener {
  return (_, response) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  }
}

describe('a call', () => {
  test('carries its payload as JSON to the method of its bot, and brings the result', async () => {
    const seen: unknown[] = []
    const api = await serve(async (request, response) => {
      seen.push(request.method, request.url, request.headers['content-type'], await text(request))
      response.end(JSON.stringify({ ok: true, result: { message_id: 5 } }))
    })
    const outcome = await api.call<{ message_id: number }>(token, 'sendMessage', payload)
    expect(outcome).toEqual({ kind: 'ok', result: { message_id: 5 } })
    expect(seen).toEqual(['POST', `/bot${token}/sendMessage`, 'application/json', JSON.stringify(payload)])
  })

  test('keeps the path of the API’s root', async () => {
    const server = createServer((request, response) =>
      response.end(JSON.stringify({ ok: true, result: request.url })),
    )
    const apiRoot = await listen(server)
    cleanups.push(() => new Promise((resolve) => server.close(resolve)))
    const api = create({ apiRoot: `${apiRoot}/proxy/` })
    expect(await api.call(token, 'getMe', {})).toEqual({ kind: 'ok', result: `/proxy/bot${token}/getMe` })
  })

  test('reuses the connections of earlier ones', async () => {
    const ports = new Set<number | undefined>()
    const api = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('{"ok":true,"result":true}')
    })
    for (let index = 0; index < 10; index++) await api.call(token, 'getMe', {})
    // The pool counts a connection as busy until the answer's reader has run, so there may be a second one.
    expect(ports.size).toBeLessThanOrEqual(2)
  })
})

describe('a call with files', () => {
  const files = [{ field: 'document', fileName: 'answer.py', bytesBase64: btoa('print(1)') }]

  test('goes out as a form, its objects as JSON', async () => {
    const seen: unknown[] = []
    const api = await serve(async (request, response) => {
      const headers = { 'content-type': request.headers['content-type'] ?? '' }
      const form = await new Response(new Uint8Array(await buffer(request)), { headers }).formData()
      const file = form.get('document') as File
      seen.push(form.get('chat_id'), form.get('reply_parameters'), file.name, await file.text())
      response.end('{"ok":true,"result":true}')
    })
    const call = { chat_id: 1, reply_parameters: { message_id: 2 } }
    expect(await api.call(token, 'sendDocument', call, { files })).toEqual({ kind: 'ok', result: true })
    expect(seen).toEqual(['1', '{"message_id":2}', 'answer.py', 'print(1)'])
  })

  test('without any is an ordinary one', async () => {
    const api = await serve((request, response) =>
      response.end(JSON.stringify({ ok: true, result: request.headers['content-type'] })),
    )
    expect(await api.call(token, 'getMe', {}, { files: [] })).toEqual({
      kind: 'ok',
      result: 'application/json',
    })
  })

  test('has a time of its own, and may have a shorter one', async () => {
    const api = await serve(() => {}, { timeoutMs: 60_000, uploadTimeoutMs: 50 })
    const late = { kind: 'unknown', detail: 'timeout' }
    expect(await api.call(token, 'sendDocument', payload, { files })).toEqual(late)
    expect(await api.call(token, 'sendDocument', payload, { files, timeoutMs: 20 })).toEqual(late)
  })

  test('is handed over in the instant in which it leaves, and can be kept back then', async () => {
    const reached: string[] = []
    const api = await serve((request, response) => {
      reached.push(request.url ?? '')
      response.end('{"ok":true,"result":true}')
    })
    const kept = await api.call(token, 'sendDocument', payload, { files, onHandOver: () => false })
    expect(kept).toEqual({ kind: 'not-sent', detail: 'kept back' })
    expect(reached).toEqual([])
    const handedOver = await api.call(token, 'sendDocument', payload, { files, onHandOver: () => true })
    expect(handedOver.kind).toBe('ok')
  })

  test('whose connection breaks is unknown, and one that reached nobody is not sent', async () => {
    const breaking = await serve((request) => request.socket.destroy())
    expect(await breaking.call(token, 'sendDocument', payload, { files })).toMatchObject({ kind: 'unknown' })
    const nobody = create({ apiRoot: 'http://nowhere.invalid' })
    expect(await nobody.call(token, 'sendDocument', payload, { files })).toMatchObject({ kind: 'not-sent' })
  })
})

describe('an answer', () => {
  test.each([
    ['in JSON names the wait', { ok: false, error_code: 429, parameters: { retry_after: 7 } }, {}, 7_000],
    ['in HTML waits as its header says', '<html>', { 'retry-after': '3' }, 3_000],
    ['in HTML without a header waits for five seconds', '<html>', {}, 5_000],
    ['with a senseless wait waits for five seconds', { parameters: { retry_after: -1 } }, {}, 5_000],
  ])('429 %s', async (_, body, headers, retryAfterMs) => {
    const api = await serve(answer(429, body, headers))
    expect(await api.call(token, 'sendMessage', payload)).toEqual({ kind: 'flood', retryAfterMs })
  })

  test('400 is a refusal with its reason', async () => {
    const api = await serve(
      answer(400, { ok: false, error_code: 400, description: 'Bad Request: chat not found' }),
    )
    expect(await api.call(token, 'sendMessage', payload)).toEqual({
      kind: 'refused',
      code: 400,
      description: 'Bad Request: chat not found',
      reason: 'chat-not-found',
    })
  })

  test('400 with a new chat id is a migration', async () => {
    const parameters = { migrate_to_chat_id: -1001 }
    const description = 'Bad Request: group chat was upgraded to a supergroup chat'
    const api = await serve(answer(400, { ok: false, error_code: 400, description, parameters }))
    expect(await api.call(token, 'sendMessage', payload)).toMatchObject({
      kind: 'refused',
      reason: 'migrated',
      migrateToChatId: -1001,
    })
  })

  test('403 is a refusal', async () => {
    const api = await serve(answer(403, { ok: false, description: 'Forbidden: bot was blocked by the user' }))
    expect(await api.call(token, 'sendMessage', payload)).toMatchObject({
      kind: 'refused',
      code: 403,
      reason: 'blocked',
    })
  })

  test('4xx in HTML is a refusal without a reason', async () => {
    const api = await serve(answer(413, '<html>'))
    expect(await api.call(token, 'sendMessage', payload)).toEqual({
      kind: 'refused',
      code: 413,
      description: '',
      reason: 'other',
    })
  })

  test.each([
    [500, { ok: false, error_code: 500, description: 'Internal Server Error: restart' }],
    [502, '<html>'],
    [302, ''],
  ])('%i is an error of the server', async (status, body) => {
    const api = await serve(answer(status, body))
    expect(await api.call(token, 'sendMessage', payload)).toEqual({ kind: 'server-error', status })
  })

  test('200 that says it failed is what it says', async () => {
    const api = await serve(answer(200, { ok: false, error_code: 429, parameters: { retry_after: 2 } }))
    expect(await api.call(token, 'sendMessage', payload)).toEqual({ kind: 'flood', retryAfterMs: 2_000 })
  })

  test.each(['', '<html>', '{"ok":true,', '[]', '{}'])('200 with %j tells nothing', async (body) => {
    const api = await serve(answer(200, body))
    expect(await api.call(token, 'sendMessage', payload)).toEqual({
      kind: 'unknown',
      detail: 'unreadable answer',
    })
  })
})

describe('silence', () => {
  test('a call that is never answered is unknown', async () => {
    const api = await serve(() => {}, { timeoutMs: 100 })
    expect(await api.call(token, 'sendMessage', payload)).toEqual({ kind: 'unknown', detail: 'timeout' })
  })

  test('a call may have a shorter time of its own', async () => {
    const api = await serve(() => {})
    expect(await api.call(token, 'getMe', {}, { timeoutMs: 50 })).toEqual({
      kind: 'unknown',
      detail: 'timeout',
    })
  })

  test('a connection that breaks before the answer leaves it unknown', async () => {
    const api = await serve((request) => request.socket.destroy())
    expect(await api.call(token, 'sendMessage', payload)).toMatchObject({ kind: 'unknown' })
  })

  test('a connection that breaks within the answer leaves it unknown', async () => {
    const api = await serve(breakAfter(200))
    expect(await api.call(token, 'sendMessage', payload)).toMatchObject({ kind: 'unknown' })
  })

  test('a broken answer that was a 429 is still one', async () => {
    const api = await serve(breakAfter(429))
    expect(await api.call(token, 'sendMessage', payload)).toEqual({ kind: 'flood', retryAfterMs: 5_000 })
  })

  test('a kept connection that the server closes under a call leaves it unknown', async () => {
    let calls = 0
    const api = await serve((request, response) => {
      if (++calls === 1) response.end('{"ok":true,"result":true}')
      else request.socket.resetAndDestroy()
    })
    await api.call(token, 'getMe', {})
    expect(await api.call(token, 'sendMessage', payload)).toMatchObject({ kind: 'unknown' })
  })

  test('what is no HTTP is unknown', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('garbage\r\n\r\n'))
    })
    const apiRoot = await listen(server as unknown as Server)
    cleanups.push(() => new Promise((resolve) => server.close(resolve)))
    expect(await create({ apiRoot }).call(token, 'getMe', {})).toMatchObject({ kind: 'unknown' })
  })
})

describe('a call that cannot be made', () => {
  test('because nobody listens is not sent', async () => {
    const server = createServer()
    const apiRoot = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    expect(await create({ apiRoot }).call(token, 'sendMessage', payload)).toEqual({
      kind: 'not-sent',
      detail: 'ECONNREFUSED',
    })
  })

  test('because the host has no address is not sent', async () => {
    const api = create({ apiRoot: 'http://nowhere.invalid' })
    expect(await api.call(token, 'sendMessage', payload)).toMatchObject({ kind: 'not-sent' })
  })

  test('because it was aborted before is not sent', async () => {
    const api = await serve(() => {})
    const outcome = await api.call(token, 'getMe', {}, { signal: AbortSignal.abort() })
    expect(outcome).toEqual({ kind: 'not-sent', detail: 'aborted' })
  })

  test('because no connection becomes free in time is not sent, and never will be', async () => {
    const urls: (string | undefined)[] = []
    const held: ServerResponse[] = []
    const firstCame = Promise.withResolvers<void>()
    const api = await serve(
      (request, response) => {
        urls.push(request.url)
        if (held.push(response) === 1) firstCame.resolve()
        else response.end('{"ok":true,"result":true}')
      },
      { connections: 1 },
    )
    const first = api.call(token, 'first', {})
    await firstCame.promise
    expect(await api.call(token, 'second', {}, { timeoutMs: 20 })).toEqual({
      kind: 'not-sent',
      detail: 'timeout',
    })
    held[0]?.end('{"ok":true,"result":1}')
    expect(await first).toEqual({ kind: 'ok', result: 1 })
    expect(await api.call(token, 'third', {})).toEqual({ kind: 'ok', result: true })
    expect(urls.map((url) => url?.split('/').at(-1))).toEqual(['first', 'third'])
  })

  test('because its token or method is malformed is not sent', async () => {
    const api = await serve(answer(200, { ok: true, result: true }))
    expect(await api.call('1:a/../b', 'getMe', {})).toEqual({ kind: 'not-sent', detail: 'malformed token' })
    expect(await api.call(token, 'get?me', {})).toEqual({ kind: 'not-sent', detail: 'malformed method' })
  })

  test('because the client was closed is not sent', async () => {
    const api = await serve(answer(200, { ok: true, result: true }))
    await api.close()
    expect(await api.call(token, 'getMe', {})).toMatchObject({ kind: 'not-sent' })
    cleanups.pop()
  })
})

test('a call that is aborted under way is unknown, and its connection is closed', async () => {
  const arrived = Promise.withResolvers<IncomingMessage>()
  const api = await serve((request) => arrived.resolve(request))
  const controller = new AbortController()
  const call = api.call(token, 'sendMessage', payload, { signal: controller.signal })
  const request = await arrived.promise
  const closed = once(request.socket, 'close')
  controller.abort()
  expect(await call).toEqual({ kind: 'unknown', detail: 'aborted' })
  await closed
})

test('no detail tells of the token or the payload', async () => {
  const api = await serve((request) => request.socket.destroy())
  const outcomes = [
    await api.call(token, 'sendMessage', payload),
    await api.call(`${token}/`, 'sendMessage', payload),
  ]
  expect(JSON.stringify(outcomes)).not.toMatch(/AAEh|secret/)
})

function breakAfter(status: number): RequestListener {
  return (_, response) => {
    response.writeHead(status, { 'content-length': '1000' })
    response.write('{"ok":true')
    response.flushHeaders()
    setImmediate(() => response.destroy())
  }
}

test('a call that is kept back in the last instant never leaves', async () => {
  let reached = 0
  const server = createServer((_request, response) => {
    reached++
    response.end('{"ok":true,"result":true}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const api = createBotApi({ apiRoot: `http://127.0.0.1:${port}` })
  try {
    const kept = await api.call('1:AAAAAAAAAA', 'getMe', {}, { onHandOver: () => false })
    expect(kept).toEqual({ kind: 'not-sent', detail: 'kept back' })
    expect(reached).toBe(0)
    const gone = await api.call('1:AAAAAAAAAA', 'getMe', {}, { onHandOver: () => true })
    expect(gone.kind).toBe('ok')
  } finally {
    await api.close()
    await new Promise((resolve) => server.close(resolve))
  }
})

describe('a request that is passed on', () => {
  test('keeps its query, its type and every byte of its body, and is a POST', async () => {
    const seen: unknown[] = []
    const api = await serve(async (request, response) => {
      seen.push(request.method, request.url, request.headers['content-type'], await buffer(request))
      response.end('{"ok":true,"result":true,"description":"Webhook was set"}')
    })
    const body = Buffer.from([0, 255, 13, 10, 128])
    const raw = { contentType: 'multipart/form-data; boundary=x', body, query: 'chat_id=1&a=%20' }
    const outcome = await api.callRaw(token, 'sendPhoto', raw)
    expect(outcome).toEqual({ kind: 'ok', result: true, description: 'Webhook was set' })
    expect(seen).toEqual(['POST', `/bot${token}/sendPhoto?chat_id=1&a=%20`, raw.contentType, body])
  })

  test('may have neither', async () => {
    const api = await serve((request, response) => {
      const { url, headers } = request
      response.end(
        JSON.stringify({ ok: true, result: [url, headers['content-length'], headers['content-type']] }),
      )
    })
    expect(await api.callRaw(token, 'getMe', {})).toEqual({
      kind: 'ok',
      result: [`/bot${token}/getMe`, '0', null],
    })
  })

  test('has the time of a call with files where it is a form', async () => {
    const api = await serve(() => {}, { timeoutMs: 60_000, uploadTimeoutMs: 50 })
    const raw = { contentType: 'Multipart/Form-Data; boundary=x', body: Buffer.from('x') }
    expect(await api.callRaw(token, 'sendPhoto', raw)).toEqual({ kind: 'unknown', detail: 'timeout' })
  })

  test('that no HTTP client would send is surely not sent', async () => {
    const api = await serve(answer(200, { ok: true, result: true }))
    for (const raw of [{ query: 'a b' }, { contentType: 'a\nb' }])
      expect(await api.callRaw(token, 'getMe', raw)).toMatchObject({ kind: 'not-sent' })
  })
})
