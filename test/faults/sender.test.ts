import { test } from 'vitest'
import { proveFaults, TIMEOUT_MS } from './prove.ts'

test(
  'nothing is lost when a sender dies, freezes or loses Redis at any durable step',
  () => proveFaults('sender'),
  TIMEOUT_MS,
)
