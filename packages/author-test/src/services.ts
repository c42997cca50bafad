/** The processes that one bot runs on. */
import { type ServiceName, type ServiceProcess, startServiceProcess } from './service-process.ts'
import { troubles } from './troubles.ts'

/** The running processes of a bot. */
export interface Services {
  /** Starts one and waits until it works. Rejects, with what it wrote, where it ends before. */
  start(name: ServiceName, environment?: Record<string, string>): Promise<void>
  /** kill -9 to the worker that was started first. Throws where none runs. */
  killWorker(): Promise<void>
  /** What explains that nothing is answered: who has ended, what was logged as an error. '' for nothing. */
  trouble(): string
  /** Everything that they have written, theirs and the author's code's. */
  output(): string
  /** Ends all: workers as operators end them, for the sake of the author's own clean-up and of coverage. */
  close(): Promise<void>
}

/** How long workers may take to end by themselves. */
const STOP_WITHIN_MS = 2000
const MOST_ERRORS = 5

/** Nothing runs yet. `environment` is what each process gets. */
export function createServices(environment: Record<string, string>): Services {
  const all: ServiceProcess[] = []
  const running = new Set<ServiceProcess>()
  const workers = () => [...running].filter(({ name }) => name === 'worker')
  const byHand = new Set<ServiceProcess>()
  return {
    async start(name, more = {}) {
      const service = startServiceProcess(name, { ...environment, ...more, LOG_LEVEL: 'info' })
      all.push(service)
      running.add(service)
      service.ended.then(() => running.delete(service))
      await service.address
    },
    async killWorker() {
      const [worker] = workers()
      if (!worker) throw new Error('no worker runs that could be killed')
      byHand.add(worker)
      await worker.kill()
    },
    trouble() {
      const ended = all.filter((service) => !running.has(service) && !byHand.has(service))
      const parts = ended.map(({ name, lines }) => `The ${name} has ended:\n${lines.slice(-20).join('\n')}`)
      if (workers().length === 0) parts.push('No worker runs.')
      const errors = all.flatMap(({ lines }) => troubles(lines)).slice(-MOST_ERRORS)
      if (errors.length > 0) parts.push(`Logged:\n${errors.join('\n')}`)
      return parts.join('\n')
    },
    output: () => all.flatMap(({ lines }) => lines).join('\n'),
    async close() {
      const bound = Promise.withResolvers<void>()
      const timer = setTimeout(bound.resolve, STOP_WITHIN_MS)
      await Promise.race([Promise.all(workers().map((worker) => worker.stop())), bound.promise])
      clearTimeout(timer)
      await Promise.all([...running].map((service) => service.kill()))
    },
  }
}
