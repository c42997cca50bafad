/** Telegraf's `session()`, kept by the host instead of in the memory of one process. */
import type { Context, session } from 'telegraf'
import { turnOf } from './turn-of.ts'

type Session = typeof session
type AnyContext = Context & Record<string, unknown>
type Options = NonNullable<Parameters<Session>[0]>

/**
 * `session()` over the host: the semantics of `original` (telegraf 4.16.3, session), except that nothing is shared by
 * concurrent updates in memory. With a store, or for a context that no turn of ours made, it is the original.
 */
export function platformSession(original: Session): Session {
  const create = (options?: Options) => {
    const plain = original(options as never)
    if (options?.store) return plain
    return (ctx: AnyContext, next: () => Promise<void>) =>
      turnOf(ctx) ? withSession(ctx, next, options) : plain(ctx as never, next)
  }
  return create as unknown as Session
}

async function withSession(
  ctx: AnyContext,
  next: () => Promise<void>,
  options: Options | undefined,
): Promise<unknown> {
  const bound = turnOf(ctx)
  const property = String(options?.property ?? 'session')
  const key = options?.getSessionKey ? await options.getSessionKey(ctx as never) : defaultKey(ctx)
  if (!bound || !key) {
    ctx[property] = undefined
    return await next()
  }
  const { host, turn } = bound
  const isDefaultKey = !options?.getSessionKey
  const found = await host.readSession(turn, key, isDefaultKey, property)
  let value: unknown = found ?? options?.defaultSession?.(ctx as never)
  let isTouched = false
  Object.defineProperty(ctx, property, {
    get() {
      isTouched = true
      return value
    },
    set(changed) {
      isTouched = true
      value = changed
    },
  })
  try {
    await next()
  } finally {
    if (isTouched) await host.writeSession(turn, key, value, isDefaultKey, property)
  }
}

function defaultKey({ from, chat }: Context): string | undefined {
  return from && chat ? `${from.id}:${chat.id}` : undefined
}
