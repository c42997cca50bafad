/** OpenRouter as a real HTTP server: its answers, its errors, and its bad days. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ClientLine } from './client-line.ts'
import type { CompletionsContext } from './completions.ts'
import { FaultList } from './fault-list.ts'
import { createCatalog } from './model-catalog.ts'
import {
  type Answers,
  DEFAULT_SPEED,
  type OpenRouterSimulatorOptions,
  readSpeed,
  type Speed,
} from './options.ts'
import { createRandom } from './random.ts'
import {
  type Ledger,
  type OpenRouterEvent,
  RequestJournal,
  type RequestRecord,
  type TranscriptionRecord,
} from './request-journal.ts'
import { refuseBroken, serve } from './routes.ts'

const DEFAULT_CREDITS_USD = 1000

/** A running simulator. */
export interface OpenRouterSimulator {
  /** What a client takes as its base URL, `/api/v1` included. */
  url: string
  /** Where the control routes are, `/sim` included. */
  controlUrl: string
  faults: FaultList
  /** The requests that are remembered, oldest first. The records live: they change while a request runs. */
  requests(): RequestRecord[]
  /** The sounds that were to be written down, oldest first. */
  transcriptions(): TranscriptionRecord[]
  ledger(): Ledger
  setSpeed(speed: Partial<Speed>): void
  setAnswers(answers: Answers): void
  /** Lets every request that hangs go on. */
  release(): void
  /** Calls `listener` at every event, until the returned function is called. */
  onEvent(listener: (event: OpenRouterEvent) => void): () => void
  /** The first request, remembered or to come, that fits; rejects when the simulator closes first. */
  waitFor(fits: (request: RequestRecord) => boolean): Promise<RequestRecord>
  /** How many TCP connections were opened to it so far. */
  connections(): number
  /** Breaks what is open and stops listening. */
  close(): Promise<void>
}

/** Starts a simulator; rejects when the port is taken or an option is malformed. */
export async function createOpenRouterSimulator(
  options: OpenRouterSimulatorOptions = {},
): Promise<OpenRouterSimulator> {
  const context = createContext(options)
  const creditsUsd = options.creditsUsd ?? DEFAULT_CREDITS_USD
  let connections = 0
  const server = createServer((request, response) => {
    serve({ request, response, context, creditsUsd }).catch((error) => refuseBroken(response, error))
  })
  server.keepAliveTimeout = 65_000
  server.requestTimeout = 0
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', 4096, resolve)
  })
  const { port } = server.address() as AddressInfo
  const host = options.host ?? '127.0.0.1'
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const closing = new AbortController()
  const { journal, faults, lines } = context
  return {
    url: `${origin}/api/v1`,
    controlUrl: `${origin}/sim`,
    faults,
    requests: () => journal.requests(),
    transcriptions: () => journal.transcriptions(),
    ledger: () => journal.ledger(),
    setSpeed: (speed) => {
      context.speed = { ...context.speed, ...readSpeed({ ...speed }) }
    },
    setAnswers: (answers) => {
      context.answers = answers
    },
    release: () => {
      for (const line of lines) line.release()
    },
    onEvent: (listener) => journal.listen(listener),
    waitFor: (fits) => waitForRequest(journal, fits, closing.signal),
    connections: () => connections,
    close: async () => {
      if (closing.signal.aborted) return
      closing.abort(new Error('the simulator is closed'))
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function createContext(options: OpenRouterSimulatorOptions): CompletionsContext {
  const journal = new RequestJournal(options.keepRequests ?? 1000)
  const keys = options.apiKeys && new Set(options.apiKeys)
  return {
    catalog: createCatalog(options.models),
    faults: new FaultList(),
    journal,
    lines: new Set<ClientLine>(),
    speed: { ...DEFAULT_SPEED, ...readSpeed({ ...options }) },
    bytesPerToken: options.bytesPerToken ?? 4,
    answers: options.answers ?? 'chat',
    transcripts:
      options.transcripts ?? (({ format, bytes }) => `A recording in ${format} of ${bytes.length} bytes.`),
    random: createRandom(options.seed ?? Date.now()),
    hasCredits: () => journal.ledger().costUsd < (options.creditsUsd ?? DEFAULT_CREDITS_USD),
    isKeyAccepted: (key) => (keys ? keys.has(key) : key !== ''),
  }
}

function waitForRequest(
  journal: RequestJournal,
  fits: (request: RequestRecord) => boolean,
  closing: AbortSignal,
): Promise<RequestRecord> {
  const known = journal.requests().find(fits)
  if (known) return Promise.resolve(known)
  return new Promise((resolve, reject) => {
    const done = () => {
      unlisten()
      closing.removeEventListener('abort', closed)
    }
    const closed = () => {
      done()
      reject(closing.reason)
    }
    const unlisten = journal.listen(({ request }) => {
      if (!fits(request)) return
      done()
      resolve(request)
    })
    closing.addEventListener('abort', closed, { once: true })
  })
}
