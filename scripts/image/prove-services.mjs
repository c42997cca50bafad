// The compose file on simulators: it comes up, survives the death of a worker, and stops in order.
import { docker, tryRun, until } from './engine.mjs'
import {
  expect,
  meetSimulators,
  part,
  project,
  SERVICES,
  SETTINGS,
  saw,
  seconds,
  USERS,
  up,
  writeSettings,
} from './proof.mjs'

/** All of it comes up and answers. */
export async function provesTheServices() {
  part('The compose file, two workers, the assistant')
  await writeSettings()
  const start = performance.now()
  await up()
  const { people, model } = await meetSimulators()
  await model('speed', { firstTokenMs: [200, 200], totalMs: [1000, 1000] })
  await people.says(USERS[0], 'the first question')
  await people.sees(USERS[0], 'the first question')
  saw(`a question was answered ${seconds(start)} after "up" began`)
  for (const [service, port] of [
    ['gateway', SETTINGS.GATEWAY_PORT],
    ['monitor', SETTINGS.MONITOR_PORT],
  ]) {
    const { status } = await fetch(`http://127.0.0.1:${port}/readyz`)
    expect(status === 200, `the ${service} answers 200 on this host's port ${port}`)
  }
  for (const service of SERVICES) {
    const [id] = await project.containers(service)
    const begun = Date.parse(await docker('inspect', '--format', '{{.State.StartedAt}}', id))
    const line = (await docker('logs', id))
      .split('\n')
      .find((each) => /"msg":"\w+ (works|listens)/.test(each))
    if (!line) continue
    const { msg, time } = JSON.parse(line)
    saw(`${service}: "${msg}" ${Date.parse(time) - begun} ms after its start`)
  }
}

/** Everyone asks; resolves when the replies grow. What it resolves with waits for the answers: one each, nothing else. */
async function askEveryone(about) {
  const { people, model } = await meetSimulators()
  const question = (user) => `${about} of ${user}: ${'and so on '.repeat(30)}`.trim()
  await model('speed', { firstTokenMs: [300, 300], totalMs: [8000, 8000] })
  const asked = (await model('requests')).requests.length
  const before = new Map()
  for (const user of USERS) {
    before.set(user, await people.texts(user))
    await people.says(user, question(user))
  }
  await until(
    'a growing reply',
    async () => (await people.texts(USERS[0])).length > before.get(USERS[0]).length,
  )
  return async () => {
    for (const user of USERS) await people.sees(user, question(user))
    for (const user of USERS) {
      const texts = JSON.stringify(await people.texts(user))
      const expected = JSON.stringify([...before.get(user), question(user)])
      if (texts !== expected) throw new Error(`${user} sees ${texts}, not ${expected}`)
    }
    return (await model('requests')).requests.length - asked
  }
}

/** A worker in the middle of turns, and how many they are. */
function findBusyWorker() {
  const script = `fetch('http://127.0.0.1:9464/metrics').then((r) => r.text()).then((t) => console.log(t))`
  return until('a worker in the middle of a turn', async () => {
    for (const id of await project.containers('worker')) {
      const { out: metrics } = await tryRun('docker', ['exec', id, 'node', '-e', script])
      const turns = Number(/^chatlane_worker_turns (\d+)/m.exec(metrics)?.[1] ?? 0)
      if (turns > 0) return { id, turns }
    }
  })
}

/** The turns of a killed worker are taken over. */
export async function provesAKill() {
  part('A worker is killed while replies grow')
  const areAnswered = await askEveryone('killed')
  const { id, turns } = await findBusyWorker()
  await docker('kill', id)
  const start = performance.now()
  const asked = await areAnswered()
  saw(`a worker with ${turns} turns was killed; the last answer came ${seconds(start)} later`)
  expect(
    asked > USERS.length,
    `the model was asked ${asked} times, each of ${USERS.length} chats got one answer`,
  )
  await up()
}

/** A stop loses nothing and exits 0; what is asked again later shows that no answer came twice afterwards. */
export async function provesAStop() {
  part('All services are stopped while replies grow')
  const areAnswered = await askEveryone('stopped')
  await findBusyWorker()
  const start = performance.now()
  // The simulators stay: Telegram does not forget what it was sent.
  await project.compose('stop', ...SERVICES)
  saw(`stopped within ${seconds(start)}`)
  const codes = []
  for (const service of SERVICES) {
    for (const id of await project.containers(service)) {
      codes.push(`${service} ${await docker('inspect', '--format', '{{.State.ExitCode}}', id)}`)
    }
  }
  expect(
    codes.every((code) => code.endsWith(' 0')),
    `exit codes: ${codes.join(', ')}`,
  )
  await up()
  await areAnswered()
  saw(`started again; each of ${USERS.length} chats has one answer to each of its questions`)
}
