import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startInContainer } from '../src/container.ts'

/** An engine that runs, and reaches no registry: it has no image and can pull none. */
async function startEngineWithoutRegistry(): Promise<string> {
  const server = createServer((request, response) => {
    const path = request.url?.replace(/^\/v[\d.]+/, '') ?? ''
    const isKnown = path.startsWith('/_ping') || path.startsWith('/info') || path.startsWith('/version')
    response.writeHead(isKnown ? 200 : request.method === 'GET' ? 404 : 500, {
      'content-type': 'application/json',
      'api-version': '1.41',
    })
    response.end(
      isKnown ? '{"ServerVersion":"20.10.0","OperatingSystem":"Debian"}' : '{"message":"no registry"}',
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('where an engine runs and the image can not be pulled, there is no container, and that is told', async () => {
  vi.stubEnv('DOCKER_HOST', await startEngineWithoutRegistry())
  vi.stubEnv('TESTCONTAINERS_RYUK_DISABLED', 'true')
  onTestFinished(() => void vi.unstubAllEnvs())
  const told: string[] = []
  expect(await startInContainer({ tell: (line) => told.push(line) })).toBeUndefined()
  expect(told).toEqual([
    'starting Redis in a container (redis:7-alpine)',
    expect.stringMatching(/^no Redis in a container: ./),
  ])
})
