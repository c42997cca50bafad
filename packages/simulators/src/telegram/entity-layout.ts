/** Brings entities into the order and number in which Telegram keeps them (td/telegram/MessageEntity.cpp). */
import type { MessageEntity } from './bot-api-types.ts'
import { touches } from './entity-detection.ts'

/** Entities as posted, and what became of the rest. */
export interface Layout {
  entities: MessageEntity[]
  /** Beyond 100. */
  dropped: number
  /** Crossing or lying in others that allow none. */
  conflicting: number
}

/** Types that may be cut in two where they cross others. */
const CUTTABLE = new Set(['bold', 'italic', 'underline', 'strikethrough', 'spoiler'])
const QUOTES = new Set(['blockquote', 'expandable_blockquote'])
const CODE = new Set(['code', 'pre'])
const MOST = 100

/** Removes solid entities that cross others, keeps styles out of code, cuts them at borders, drops what is beyond 100. */
export function layOut(given: readonly MessageEntity[]): Layout {
  const solid: MessageEntity[] = []
  let conflicting = 0
  for (const entity of given.filter(({ type }) => !CUTTABLE.has(type)).sort(byPlace)) {
    if (solid.some((other) => conflict(other, entity))) conflicting++
    else solid.push(entity)
  }
  const styles: MessageEntity[] = []
  for (const type of CUTTABLE) {
    for (const style of merge(given.filter((entity) => entity.type === type).sort(byPlace))) {
      const parts = cut(style, solid)
      if (parts.length === 0) conflicting++
      styles.push(...parts)
    }
  }
  const kept = [...solid, ...uncross(styles.sort(byPlace))]
  return {
    entities: kept.slice(0, MOST).sort(byPlace),
    dropped: Math.max(0, kept.length - MOST),
    conflicting,
  }
}

function byPlace(one: MessageEntity, other: MessageEntity): number {
  return one.offset - other.offset || other.length - one.length
}

function conflict(outer: MessageEntity, inner: MessageEntity): boolean {
  if (!touches(outer, inner)) return false
  const isNested = inner.offset >= outer.offset && inner.offset + inner.length <= outer.offset + outer.length
  // Only quotes hold other solid entities, and no further quotes.
  return !isNested || !QUOTES.has(outer.type) || QUOTES.has(inner.type)
}

function merge(styles: MessageEntity[]): MessageEntity[] {
  const merged: MessageEntity[] = []
  for (const style of styles) {
    const last = merged.at(-1)
    if (last === undefined || style.offset > last.offset + last.length) merged.push({ ...style })
    else last.length = Math.max(last.length, style.offset + style.length - last.offset)
  }
  return merged
}

/** The parts of a style outside of code, cut at the borders of solid entities that it crosses. */
function cut(style: MessageEntity, solid: readonly MessageEntity[]): MessageEntity[] {
  const end = style.offset + style.length
  const met = solid.filter((entity) => touches(entity, style))
  if (met.length === 0) return [style]
  const borders = new Set([style.offset, end])
  for (const entity of met) {
    const entityEnd = entity.offset + entity.length
    const isAround = entity.offset <= style.offset && entityEnd >= end
    const isWithin = entity.offset >= style.offset && entityEnd <= end
    if (CODE.has(entity.type) || !(isAround || isWithin)) {
      for (const border of [entity.offset, entityEnd])
        if (border > style.offset && border < end) borders.add(border)
    }
  }
  return between(style, [...borders]).filter(
    (part) => !met.some((entity) => CODE.has(entity.type) && touches(entity, part)),
  )
}

/** Cuts styles that cross earlier ones, so that all are nested. */
function uncross(styles: MessageEntity[]): MessageEntity[] {
  const nested: MessageEntity[] = []
  for (const style of styles) {
    const end = style.offset + style.length
    const borders = nested
      .map((other) => other.offset + other.length)
      .filter((border) => border > style.offset && border < end)
    nested.push(...between(style, [style.offset, ...new Set(borders), end]))
  }
  return nested
}

function between(entity: MessageEntity, borders: number[]): MessageEntity[] {
  const sorted = borders.sort((one, other) => one - other)
  return sorted.slice(1).map((border, at) => ({
    ...entity,
    offset: sorted[at] as number,
    length: border - (sorted[at] as number),
  }))
}
