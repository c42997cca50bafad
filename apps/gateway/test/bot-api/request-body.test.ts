import { once } from 'node:events'
import { createServer, type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { HeldBytes } from '../../src/bot-api/held-bytes.ts'
import { type RequestBody, readRequestBody } from '../../src/bot-api/request-body.ts'

const MIB = 1024 * 1024

/** A server that reads bodies within `most` bytes, and what came of each. */
async function openServer(most: number) {
  const held = new HeldBytes(most)
  const bodies: RequestBody[] = []
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readRequestBody(request, held)
    bodies.push(body)
    server.emit('read')
    response.writeHead(body.kind === 'refused' ? body.refusal.error_code : 200).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const post = async (body: Uint8Array<ArrayBuffer> | ReadableStream) =>
    (await fetch(url, { method: 'POST', body, duplex: 'half' } as RequestInit)).status
  return { server, held, bodies, url, post }
}

/** A body of unknown length. */
function streamOf(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes
  return new ReadableStream({
    pull(controller) {
      const size = Math.min(left, MIB)
      left -= size
      if (size === 0) controller.close()
      else controller.enqueue(new Uint8Array(size))
    },
  })
}

test('a body is held until it is released, and what finds no room is refused until then', async () => {
  const { post, bodies, held } = await openServer(3 * MIB)
  expect(await post(new Uint8Array(2 * MIB))).toBe(200)
  expect(await post(new Uint8Array(2 * MIB))).toBe(503)
  expect(await post(streamOf(2 * MIB))).toBe(503)
  expect(await post(new Uint8Array(MIB))).toBe(200)
  for (const body of bodies) if (body.kind === 'read') body.release()
  for (const body of bodies) if (body.kind === 'read') body.release()
  expect(held.take(3 * MIB)).toBeDefined()
  expect(held.take(1)).toBeUndefined()
})

test('a body beyond what Telegram takes is refused, whether its length was stated or not', async () => {
  const { post, held } = await openServer(256 * MIB)
  expect(await post(new Uint8Array(52 * MIB))).toBe(413)
  expect(await post(streamOf(52 * MIB))).toBe(413)
  expect(await post(new Uint8Array(50 * MIB))).toBe(200)
  expect(held.take(206 * MIB)).toBeDefined()
})

test('a body that breaks off holds nothing', async () => {
  const { server, bodies, held, url } = await openServer(3 * MIB)
  const read = once(server, 'read')
  const request = requestOf(url, { method: 'POST', headers: { 'content-length': 2 * MIB } })
  request.on('error', () => undefined)
  request.write('a beginning')
  await once(server, 'request')
  request.destroy()
  await read
  expect(bodies).toEqual([{ kind: 'gone' }])
  expect(held.take(3 * MIB)).toBeDefined()
})
