/** Where a webhook's deliveries go: the registered URL and its mirrors. */
import type { DeliveryFaults } from './options.ts'

/** All URLs of a webhook, the registered one first; a mirror that is only an origin gets the webhook's path. */
export function targetsOf(url: string, faults: DeliveryFaults): string[] {
  const { pathname, search } = new URL(url)
  const mirrors = faults.mirrors.map((mirror) => {
    const parsed = new URL(mirror)
    return parsed.pathname === '/' ? `${parsed.origin}${pathname}${search}` : mirror
  })
  return [url, ...mirrors.filter((mirror) => mirror !== url)]
}

/** The reason for which a webhook can't be registered, undefined where it can. Http is taken for loopback only. */
export function webhookProblem(url: string): string | undefined {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    return 'bad webhook: invalid webhook URL specified'
  }
  if (parsed.protocol === 'https:') return undefined
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(parsed.hostname)
  if (parsed.protocol === 'http:' && isLoopback) return undefined
  return 'bad webhook: An HTTPS URL must be provided for webhook'
}
