import { expect, test } from 'vitest'
import { createModelRoute } from '../src/model-route.ts'

const never = () => false

test('after a fault that another model may not have, each is asked first once, and then the wanted one again', () => {
  const route = createModelRoute({ models: ['a', 'b', 'a', 'c'], canContinue: never })
  expect(route.now()).toEqual({ model: 'a', fallbackModels: ['b', 'c'] })
  const fault = { code: 'provider_down', hasBegun: false } as const
  expect(route.failed(fault)).toBe(true)
  expect(route.now()).toEqual({ model: 'b', fallbackModels: ['c', 'a'] })
  expect(route.failed(fault)).toBe(true)
  expect(route.failed(fault)).toBe(false)
  expect(route.now().model).toBe('a')
})

test('a model that is gone is left out, unless it is the only one', () => {
  const route = createModelRoute({ models: ['a', 'b'], canContinue: never })
  const gone = { code: 'model_gone', hasBegun: false } as const
  expect(route.failed(gone)).toBe(true)
  expect(route.now()).toEqual({ model: 'b', fallbackModels: [] })
  expect(route.failed(gone)).toBe(false)
  expect(route.now().model).toBe('b')
})

test('a fault that every model would have changes nothing', () => {
  const route = createModelRoute({ models: ['a', 'b'], canContinue: never })
  expect(route.failed({ code: 'no_credits', hasBegun: false })).toBe(false)
  expect(route.failed({ code: 'rate_limited', hasBegun: false })).toBe(false)
  expect(route.now().model).toBe('a')
})

test('who can go on with a broken answer is asked once more before another is', () => {
  const route = createModelRoute({ models: ['a', 'b'], canContinue: (model) => model === 'a' })
  const broken = { code: 'broken_stream', hasBegun: true } as const
  expect(route.failed(broken)).toBe(false)
  expect(route.now().model).toBe('a')
  expect(route.failed(broken)).toBe(true)
  expect(route.now().model).toBe('b')
})
