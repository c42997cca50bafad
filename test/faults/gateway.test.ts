import { test } from 'vitest'
import { proveFaults, TIMEOUT_MS } from './prove.ts'

test(
  'nothing is lost when a gateway dies, freezes or loses Redis at any durable step',
  () => proveFaults('gateway'),
  TIMEOUT_MS,
)
