import { expect, test } from 'vitest'
import { readRedisAddress } from '../src/redis-address.ts'

test('one server, with and without what may be left out', () => {
  expect(readRedisAddress('redis://localhost')).toEqual({
    kind: 'single',
    options: { host: 'localhost', port: 6379, db: 0 },
  })
  expect(readRedisAddress('rediss://user:p%40ss:word@10.0.0.1:6380/3?family=4')).toEqual({
    kind: 'single',
    options: { tls: {}, username: 'user', password: 'p@ss:word', host: '10.0.0.1', port: 6380, db: 3 },
  })
  expect(readRedisAddress('redis://:secret@[::1]:7000')).toEqual({
    kind: 'single',
    options: { password: 'secret', host: '::1', port: 7000, db: 0 },
  })
})

test('a Sentinel group with its name and database', () => {
  expect(readRedisAddress('redis+sentinel://:p@a:1,b/main/2')).toEqual({
    kind: 'sentinel',
    options: {
      password: 'p',
      sentinels: [
        { host: 'a', port: 1 },
        { host: 'b', port: 26379 },
      ],
      name: 'main',
      db: 2,
    },
  })
})

test('a Sentinel group whose name is left out is mymaster', () => {
  for (const url of ['redis+sentinel://a', 'redis+sentinel://a/']) {
    expect(readRedisAddress(url)).toMatchObject({ options: { name: 'mymaster', db: 0 } })
  }
})

test('a Cluster with the nodes to begin with', () => {
  expect(readRedisAddress('rediss+cluster://a:1, b:2')).toEqual({
    kind: 'cluster',
    nodes: [
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ],
    options: { tls: {} },
  })
})

test('what is no address is refused without being shown', () => {
  for (const url of ['', 'http://secret', 'redis://', 'redis://a:b:c', 'redis+cluster://a,,b']) {
    expect(() => readRedisAddress(url)).toThrow(/^REDIS_URL/)
    expect(() => readRedisAddress(url)).not.toThrow(/secret/)
  }
})
