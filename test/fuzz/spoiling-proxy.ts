/** Stands between the services and a simulator, and spoils answers on their way back. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { Agent, request as forward } from 'undici'
import { onTestFinished } from 'vitest'
import { damagedBytes, type Mutation, mutated } from './mutations.ts'

/** A proxy that runs. */
export interface SpoilingProxy {
  /** Where it listens; paths are those of the target. */
  url: string
  /** How many answers it has spoiled. */
  spoiled(): number
  /** Passes answers on as they are, from now on. */
  heal(): void
}

/** Starts one before `target`, an origin. Every other answer is spoiled, as the next of `mutations` says; it ends with the test. */
export async function openSpoilingProxy(
  target: string,
  mutations: Iterator<Mutation>,
): Promise<SpoilingProxy> {
  const agent = new Agent()
  let answers = 0
  let spoiled = 0
  let isHealed = false
  const next = (): Mutation | undefined => {
    if (isHealed || answers++ % 2 === 0) return undefined
    const drawn = mutations.next()
    if (drawn.done) return undefined
    spoiled++
    return drawn.value
  }
  const server = createServer((request, response) => {
    pass({ target, agent, request, response, next }).catch((error) => response.destroy(error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await agent.destroy()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spoiled: () => spoiled,
    heal() {
      isHealed = true
    },
  }
}

async function pass(call: {
  target: string
  agent: Agent
  request: IncomingMessage
  response: ServerResponse
  next(): Mutation | undefined
}): Promise<void> {
  const { target, agent, request, response, next } = call
  const {
    host: _,
    connection: __,
    'transfer-encoding': ___,
    'content-length': ____,
    ...headers
  } = request.headers
  const answer = await forward(`${target}${request.url}`, {
    dispatcher: agent,
    method: request.method as 'POST',
    headers,
    body: await buffer(request),
  })
  const whole = Buffer.from(await answer.body.arrayBuffer())
  const mutation = next()
  const type = String(answer.headers['content-type'] ?? '')
  const body = mutation ? spoiledBody(whole, type, mutation) : whole
  response.writeHead(answer.statusCode, { 'content-type': type })
  response.end(body)
}

/** JSON has its fields changed; of a stream of events, those of one. */
function spoiledBody(whole: Buffer, type: string, mutation: Mutation): Buffer {
  if (!type.includes('event-stream')) return damagedBytes(spoiledJson(whole.toString(), mutation), mutation)
  const events = whole.toString().split('\n\n')
  const at = mutation.sample % events.length
  const spoiled = events.map((event, nth) =>
    nth === at && event.startsWith('data: {') ? `data: ${spoiledJson(event.slice(6), mutation)}` : event,
  )
  return damagedBytes(spoiled.join('\n\n'), mutation)
}

function spoiledJson(text: string, mutation: Mutation): string {
  return JSON.stringify(mutated(JSON.parse(text), mutation)) ?? ''
}
