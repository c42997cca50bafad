import { test } from 'vitest'
import { proveFaults, TIMEOUT_MS } from './prove.ts'

test(
  'nothing is lost when a worker dies, freezes or loses Redis at any durable step',
  () => proveFaults('worker'),
  TIMEOUT_MS,
)
