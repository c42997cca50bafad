/** What the page says of itself, and the ways behind the scenes. */
import { element } from './element.js'

const NOTES = {
  simulated: 'Telegram and the model are simulated; gateway, worker, sender and Redis are real.',
  real: 'Telegram is simulated; the model, gateway, worker, sender and Redis are real.',
}

/** What is real here, in one line. */
export function noteOf(model) {
  return NOTES[model]
}

/** Links to the services whose ports are known. */
export function linksTo({ gateway, monitor }) {
  const at = (port, path) => `${location.protocol}//${location.hostname}:${port}${path}`
  return [
    monitor && ['Queues', at(monitor, '/'), 'Bull Board: the queues and dead letters'],
    monitor && ['Metrics', at(monitor, '/metrics'), "The installation's metrics, for Prometheus"],
    gateway && ['Health', at(gateway, '/readyz'), 'Whether the gateway is ready'],
  ]
    .filter(Boolean)
    .map(([text, href, title]) =>
      element('a', { href, title, target: '_blank', rel: 'noopener noreferrer' }, text),
    )
}
