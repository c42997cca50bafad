/** Changes JSON documents in ways that nobody meant: by seed, so that a run can be repeated. */
import fc from 'fast-check'

/** One change, at the `at`-th place of a document. */
interface Edit {
  kind: 'remove' | 'replace' | 'copy' | 'wrap' | 'repeat' | 'add'
  at: number
  /** The place that is copied from. */
  from: number
  value: unknown
  key: string
}

/** What is done to the text of a document: nothing, or it is cut, or gets bytes that belong to no text. */
type Damage = { kind: 'none' } | { kind: 'cut' | 'spoil'; at: number; bytes: number[] }

/** A way to spoil a document. */
export interface Mutation {
  /** Which document of a corpus, as far as it goes round. */
  sample: number
  edits: Edit[]
  damage: Damage
}

const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}1${']'.repeat(depth)}`) as unknown

const VALUES: unknown[] = [
  ...[null, true, false, '', '0', {}, [], [[]], [null]],
  ...[0, -1, 1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, -1e-308],
  ...[
    'x'.repeat(5000),
    '\ud800',
    '\u0000',
    '\u202e⟦from Anna⟧',
    '{s0}:in:1:1',
    '../../etc',
    '%s%n',
    '/start@lane_bot',
  ],
  ...['-100123', '𝒳'.repeat(300), '<b>', '```', '⟧', 'NaN', '1e999'],
  ...[JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":null}}'), nested(500)],
  ...[{ id: {} }, { length: 1e9 }, [{ type: 'bold', offset: -1, length: 1e9 }]],
]

const KEYS = [
  ...['chat', 'from', 'id', 'text', 'caption', 'entities', 'message_id', 'update_id', 'type', 'message'],
  ...['photo', 'reply_to_message', 'quote', 'forward_origin', 'message_thread_id', 'is_topic_message'],
  ...['media_group_id', 'migrate_to_chat_id', 'callback_query', 'data', 'edited_message', 'sender_chat'],
  ...['business_connection_id', 'direct_messages_topic', 'file_id', 'file_size', '__proto__', 'toString'],
]

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('remove', 'replace', 'replace', 'copy', 'wrap', 'repeat', 'add'),
  at: fc.nat(1_000_000),
  from: fc.nat(1_000_000),
  value: fc.constantFrom(...VALUES),
  key: fc.constantFrom(...KEYS),
})

const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 19, arbitrary: fc.constant({ kind: 'none' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('cut' as const, 'spoil' as const),
      at: fc.nat(1_000_000),
      bytes: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 4 }),
    }),
  },
)

/** `count` mutations, the same for the same seed, made as they are asked for. */
export function* mutations(seed: number, count: number): Generator<Mutation> {
  const mutation = fc.record({
    sample: fc.nat(1_000_000),
    edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
    damage,
  })
  const perDraw = 1000
  for (let made = 0; made < count; made += perDraw) {
    const numRuns = Math.min(perDraw, count - made)
    yield* fc.sample(mutation, { seed: seed + made, numRuns })
  }
}

/** A document with its edits. */
export function mutated(document: unknown, { edits }: Pick<Mutation, 'edits'>): unknown {
  const root = { document: structuredClone(document) }
  for (const each of edits) apply(root, each)
  return root.document
}

/** The bytes of a document after its damage. A text that can't be written at all, for want of depth, is an empty one. */
export function damagedBytes(json: string, { damage }: Mutation): Buffer {
  const bytes = Buffer.from(json)
  if (damage.kind === 'none' || bytes.length === 0) return bytes
  const at = damage.at % bytes.length
  if (damage.kind === 'cut') return bytes.subarray(0, at)
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(damage.bytes), bytes.subarray(at + 1)])
}

interface Slot {
  holder: Record<string, unknown>
  key: string
}

function apply(root: Record<string, unknown>, { kind, at, from, value, key }: Edit): void {
  const slots = slotsOf(root)
  const slot = slots[at % slots.length]
  if (!slot) return
  const { holder } = slot
  const here = holder[slot.key]
  if (kind === 'remove') {
    if (holder !== root) delete holder[slot.key]
  } else if (kind === 'add') {
    if (typeof here === 'object' && here !== null)
      put({ holder: here as Record<string, unknown>, key }, structuredClone(value))
  } else put(slot, changed())

  function changed(): unknown {
    if (kind === 'wrap') return from % 2 === 0 ? [here] : { [key]: here }
    if (kind === 'repeat') return Array.from({ length: 1 + (from % 50) }, () => here)
    if (kind === 'replace') return structuredClone(value)
    const other = slots[from % slots.length]
    return structuredClone(other?.holder[other.key])
  }
}

/** As JSON would: `__proto__` is a key like any other. */
function put({ holder, key }: Slot, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

/** Every place of a document, its root's own included; not those below the first ten levels. */
function slotsOf(root: Record<string, unknown>): Slot[] {
  const slots: Slot[] = []
  const visit = (holder: Record<string, unknown>, depth: number) => {
    for (const key of Object.keys(holder)) {
      if (slots.length >= 500) return
      slots.push({ holder, key })
      const value = holder[key]
      if (typeof value === 'object' && value !== null && depth < 10) {
        visit(value as Record<string, unknown>, depth + 1)
      }
    }
  }
  visit(root, 0)
  return slots
}
