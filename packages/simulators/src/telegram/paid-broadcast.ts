/** Sends that are paid for, so that they may be more than 30 in a second. */
import { type Params, readFlag } from './params.ts'

/** Methods that take `allow_paid_broadcast` (core.telegram.org/bots/api#sendmessage and its siblings, copyMessage). */
const PAYABLE = /^(?:send(?!ChatAction|MessageDraft)|copyMessage$)/

/** Whether a call is paid for. */
export function isPaid(method: string, params: Params): boolean {
  return PAYABLE.test(method) && readFlag(params, 'allow_paid_broadcast')
}
