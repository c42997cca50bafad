// Reads JSON of unknown shape: every field may be missing, of another type, or named like a property of Object.

/** A JSON object whose fields are unknown. */
export type JsonObject = Record<string, unknown>

/** Whether a value is a JSON object, not an array and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A field of a value, own fields only; `undefined` where the value is no object. */
export function fieldOf(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** A field that is an object. */
export function objectOf(value: unknown, name: string): JsonObject | undefined {
  const field = fieldOf(value, name)
  return isJsonObject(field) ? field : undefined
}

/** A field that is an id as Telegram gives them to chats, users, messages and topics: an exact integer, not zero. */
export function idOf(value: unknown, name: string): number | undefined {
  const field = fieldOf(value, name)
  return typeof field === 'number' && Number.isSafeInteger(field) && field !== 0 ? field : undefined
}

/** A field that is a string of the given form. */
export function textOf(value: unknown, name: string, form: RegExp): string | undefined {
  const field = fieldOf(value, name)
  return typeof field === 'string' && form.test(field) ? field : undefined
}

/** The objects in a field that is an array. */
export function objectsOf(value: unknown, name: string): JsonObject[] {
  const field = fieldOf(value, name)
  return Array.isArray(field) ? field.filter(isJsonObject) : []
}
