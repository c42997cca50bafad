/** What a fault says about the next request: that of everyone, that of everyone to this model, or nothing. */
import type { FaultCode } from './faults.ts'

/** How a fault counts for the breakers. */
export interface FaultScope {
  /** `account`: no request of this key would be answered now. `model`: none to this model. `request`: others would be. */
  of: 'account' | 'model' | 'request'
  /**
   * `at once`: the account pauses for as long as OpenRouter says. `few`: so many one after the other that it is no
   * mistake; only the operator can help. `many`: as many as the setting says.
   */
  after: 'at once' | 'few' | 'many'
}

const ACCOUNT: FaultScope = { of: 'account', after: 'few' }
const MODEL: FaultScope = { of: 'model', after: 'many' }
const REQUEST: FaultScope = { of: 'request', after: 'many' }

/**
 * All faults, of a request that had not begun to be answered: afterwards model and account are well. Whoever refuses a
 * single request is well, too.
 */
export const FAULT_SCOPES: Readonly<Record<FaultCode, FaultScope>> = {
  bad_key: ACCOUNT,
  no_credits: ACCOUNT,
  key_limit: ACCOUNT,
  rate_limited: { of: 'account', after: 'at once' },
  unreachable: { of: 'account', after: 'many' },
  // It depends on how much is asked for, and OpenRouter names the wait of each.
  budget_in_flight: REQUEST,
  upstream_rate_limited: MODEL,
  provider_down: MODEL,
  hung: MODEL,
  broken_stream: MODEL,
  cut_off: MODEL,
  model_gone: { of: 'model', after: 'few' },
  moderated: REQUEST,
  context_too_long: REQUEST,
  bad_request: REQUEST,
  empty: REQUEST,
}
