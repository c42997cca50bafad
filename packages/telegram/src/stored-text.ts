/** What was written, out of what is stored. */
import { readUpdate } from './update.ts'

type Fields = Record<string, unknown>

/** What a user wrote, tapped or asked for; undefined where the update is nothing of the kind. */
export function textOfUpdate(json: string): string | undefined {
  const reading = readUpdate(parsed(json))
  if (reading.kind !== 'update') return undefined
  const { raw, type } = reading.update
  return firstText(raw[type] as Fields, ['text', 'caption', 'data', 'query'])
}

/** What a delivery says; undefined where it has no words. */
export function textOfDelivery(json: string): string | undefined {
  const call = parsed(json)
  if (!isFields(call)) return undefined
  const body = isFields(call.payload) ? call.payload : call
  const { caption } = body
  return (
    firstText(body, ['text', 'caption']) ?? (isFields(caption) ? firstText(caption, ['text']) : undefined)
  )
}

/** What a dead letter says, by its kind. */
export function textOfLetter(kind: 'update' | 'delivery', contents: string): string | undefined {
  if (kind === 'update') return textOfUpdate(contents)
  const delivery = parsed(contents)
  return isFields(delivery) ? textOfDelivery(String(delivery.payload)) : undefined
}

function firstText(fields: Fields, names: readonly string[]): string | undefined {
  return names.map((name) => fields[name]).find((found) => typeof found === 'string')
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
