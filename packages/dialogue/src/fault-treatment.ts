/** What is done about each way in which a model can fail to answer. */
import type { FaultCode } from './ports.ts'

/** How a question goes on after a fault, and who has to know. */
export interface Treatment {
  /**
   * `no`: the chat is told at once. `wait`: the same is asked again after the pause that OpenRouter names, or a short
   * one; a pause of more than 10 s is not sat out but told. `next model`: the next model of the list is asked at once,
   * else as with `wait`. `fewer messages`: once more with the newer half of the conversation.
   */
  again: 'no' | 'wait' | 'next model' | 'fewer messages'
  /** Whether it stays until the operator does something. */
  isForOperator: boolean
}

/** All faults. Whatever does not help in the end is told in one message, and what was said before is kept. */
export const TREATMENTS: Readonly<Record<FaultCode, Treatment>> = {
  bad_key: { again: 'no', isForOperator: true },
  no_credits: { again: 'no', isForOperator: true },
  key_limit: { again: 'no', isForOperator: true },
  budget_in_flight: { again: 'wait', isForOperator: false },
  rate_limited: { again: 'wait', isForOperator: false },
  upstream_rate_limited: { again: 'next model', isForOperator: false },
  moderated: { again: 'no', isForOperator: false },
  context_too_long: { again: 'fewer messages', isForOperator: false },
  model_gone: { again: 'next model', isForOperator: true },
  provider_down: { again: 'next model', isForOperator: false },
  bad_request: { again: 'no', isForOperator: true },
  unreachable: { again: 'wait', isForOperator: false },
  hung: { again: 'next model', isForOperator: false },
  broken_stream: { again: 'next model', isForOperator: false },
  cut_off: { again: 'next model', isForOperator: false },
  empty: { again: 'next model', isForOperator: false },
}
