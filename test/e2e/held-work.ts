/** How much a process holds, by its own metrics: who is killed then is killed in the middle of something. */
import type { ServiceName, ServiceProcess } from './service-process.ts'

/** What each kind of process says of what it holds. */
const HOLDS: Partial<Record<ServiceName, string>> = {
  gateway: 'chatlane_gateway_updates',
  worker: 'chatlane_worker_turns',
  sender: 'chatlane_sender_calls',
}

/** The number of updates, turns or calls that the process is busy with now. */
export async function heldWork(service: ServiceProcess): Promise<number> {
  const metrics = await fetch(`${await service.address}/metrics`).then((answer) => answer.text())
  return Number(new RegExp(`^${HOLDS[service.name]} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0)
}
