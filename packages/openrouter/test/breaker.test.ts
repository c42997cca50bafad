import { expect, test } from 'vitest'
import type { Breaker, Entry } from '../src/breaker.ts'
import { FAULT_SCOPES } from '../src/fault-scope.ts'
import type { FaultCode } from '../src/faults.ts'
import { failed, openGuards } from './open-guards.ts'

const MODELS = ['a/one', 'b/two']

function entered(entry: Entry) {
  if (entry.kind === 'held') throw new Error(`held: ${entry.fault.code}`)
  return entry
}
const modelsOf = (entry: Entry) => (entry.kind === 'held' ? entry.fault.code : entry.models)
async function fail(breaker: Breaker, code: FaultCode, models: readonly string[], times = 1) {
  for (let i = 0; i < times; i++) {
    await entered(await breaker.enter(models)).pass.ended(failed(code))
  }
}

test('a model that fails again and again is left out by all workers, and told once', async () => {
  const { breaker, lines, load } = openGuards()
  const [here, there] = [breaker(), breaker()]
  await fail(here, 'provider_down', ['a/one'], 2)
  expect(modelsOf(await there.enter(MODELS))).toEqual(MODELS)
  await fail(there, 'hung', ['a/one'])
  expect(modelsOf(await here.enter(MODELS))).toEqual(['b/two'])
  const alone = await there.enter(['a/one'])
  expect(alone).toMatchObject({ kind: 'held', fault: { code: 'hung', retryable: false, isHeld: true } })
  expect(lines).toEqual([
    {
      level: 'error',
      told: { subject: 'model:a/one', code: 'hung', pauseMs: 60_000 },
      text: expect.stringContaining('held back'),
    },
  ])
  expect((await load()).open).toEqual(['model:a/one'])
})

test('an answer between two faults shows that the model is well', async () => {
  const { breaker } = openGuards()
  const { enter } = breaker()
  for (let i = 0; i < 3; i++) {
    await fail({ enter } as Breaker, 'provider_down', ['a/one'], 2)
    await entered(await enter(['a/one'])).pass.begun('a/one')
  }
  expect(modelsOf(await enter(['a/one']))).toEqual(['a/one'])
})

test('after the pause one request probes; its first word lets all others pass', async () => {
  const { breaker, endPause, lines, load } = openGuards()
  const [here, there] = [breaker(), breaker()]
  await fail(here, 'provider_down', ['a/one'], 3)
  await endPause('model:a/one')
  expect(await here.look(['a/one'])).toBe('open')
  const probe = entered(await here.enter(['a/one']))
  expect(modelsOf(await there.enter(['a/one']))).toBe('provider_down')
  expect(modelsOf(await there.enter(MODELS))).toEqual(['b/two'])
  await probe.pass.begun('a/one')
  expect(modelsOf(await there.enter(['a/one']))).toEqual(['a/one'])
  await probe.pass.ended({ kind: 'aborted', partial: 'hello' })
  expect(lines.map(({ level, told }) => [level, told.subject])).toEqual([
    ['error', 'model:a/one'],
    ['info', 'model:a/one'],
  ])
  expect((await load()).open).toEqual([])
})

test('a probe that fails begins the pause anew, in silence; one that was stopped leaves the place to the next', async () => {
  const { breaker, endPause, lines } = openGuards()
  const one = breaker()
  await fail(one, 'provider_down', ['a/one'], 3)
  await endPause('model:a/one')
  await entered(await one.enter(['a/one'])).pass.ended({ kind: 'aborted', partial: '' })
  await fail(one, 'provider_down', ['a/one'])
  expect(modelsOf(await one.enter(['a/one']))).toBe('provider_down')
  expect(lines).toHaveLength(1)
})

test('faults that come late neither prolong a pause nor open a breaker anew', async () => {
  const { breaker, endPause } = openGuards()
  const one = breaker()
  const late = await Promise.all([1, 2, 3, 4].map(() => one.enter(['a/one'])))
  await fail(one, 'provider_down', ['a/one'], 3)
  await endPause('model:a/one')
  for (const entry of late) await entered(entry).pass.ended(failed('provider_down'))
  await entered(await one.enter(['a/one'])).pass.begun('a/one')
  expect(modelsOf(await one.enter(['a/one']))).toEqual(['a/one'])
})

test('three refusals of the key hold back every model, and the first answer lets all pass', async () => {
  const { breaker, endPause, load } = openGuards({ faults: 10 })
  const one = breaker()
  await fail(one, 'no_credits', ['a/one'], 3)
  expect(await one.enter(['b/two'])).toMatchObject({ kind: 'held', fault: { code: 'no_credits' } })
  expect((await load()).open).toEqual(['account'])
  await endPause('account')
  await entered(await one.enter(['a/one'])).pass.begun('a/one')
  expect(modelsOf(await one.enter(['b/two']))).toEqual(['b/two'])
})

test('the account’s own limit pauses everyone for as long as OpenRouter says, and nobody is a probe after it', async () => {
  const { breaker, lines, endRatePause, load } = openGuards()
  const [here, there] = [breaker(), breaker()]
  await entered(await here.enter(['a/one'])).pass.ended(failed('rate_limited', { retryAfterMs: 40_000 }))
  const held = await there.enter(['b/two'])
  expect(held).toMatchObject({ kind: 'held', fault: { code: 'rate_limited', retryable: true, isHeld: true } })
  const waitMs = held.kind === 'held' ? (held.fault.retryAfterMs ?? 0) : 0
  expect(waitMs).toBeGreaterThan(30_000)
  expect(waitMs).toBeLessThan(41_000)
  expect((await load()).open).toEqual(['pause'])
  expect(lines.map(({ level }) => level)).toEqual(['warn'])
  await endRatePause()
  const all = await Promise.all([1, 2, 3].map(() => here.enter(['a/one'])))
  expect(all.map(modelsOf)).toEqual([['a/one'], ['a/one'], ['a/one']])
})

test('a fallback that speaks shows that the wanted model did not', async () => {
  const { breaker } = openGuards()
  const one = breaker()
  for (let i = 0; i < 3; i++) await entered(await one.enter(MODELS)).pass.begun('b/two-2026-01-01')
  expect(modelsOf(await one.enter(MODELS))).toEqual(['b/two'])
})

test('a refusal of one request is no fault of the model, and every fault is of somebody', async () => {
  const { breaker } = openGuards()
  const one = breaker()
  for (const code of ['moderated', 'context_too_long', 'bad_request', 'empty', 'budget_in_flight'] as const) {
    await fail(one, 'provider_down', ['a/one'], 2)
    await fail(one, code, ['a/one'])
  }
  expect(modelsOf(await one.enter(['a/one']))).toEqual(['a/one'])
  expect(Object.values(FAULT_SCOPES).every(({ of }) => ['account', 'model', 'request'].includes(of))).toBe(
    true,
  )
})

test('a note that is sent again counts once', async () => {
  const { breaker } = openGuards()
  const one = breaker()
  const { pass } = entered(await one.enter(['a/one']))
  for (let i = 0; i < 5; i++) await pass.ended(failed('provider_down'))
  expect(modelsOf(await one.enter(['a/one']))).toEqual(['a/one'])
})
