/** Reads parameters as Telegram does: numbers and flags may be strings, objects may be JSON in a string. */
import { badRequest } from './bot-api-error.ts'

/** A call's parameters by name. */
export type Params = Record<string, unknown>

/** A whole number, undefined where it is missing or none. */
export function readInteger(params: Params, name: string): number | undefined {
  const value = params[name]
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
  if (typeof value !== 'string' || !/^-?\d+$/.test(value)) return undefined
  return Number(value)
}

/** Any number, undefined where it is missing or none. */
export function readNumber(params: Params, name: string): number | undefined {
  const value = params[name]
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** A string (a number as written), undefined where it is missing. */
export function readString(params: Params, name: string): string | undefined {
  const value = params[name]
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}

/** A string that must be there. Throws a 400. */
export function readRequired(params: Params, name: string): string {
  const value = readString(params, name) ?? ''
  if (value === '') throw badRequest(`parameter "${name}" is required`)
  return value
}

/** The id of a user. Throws a 400 where it is none. */
export function readUserId(params: Params, name = 'user_id'): number {
  const id = readInteger(params, name) ?? 0
  if (id <= 0) throw badRequest(`invalid ${name} specified`)
  return id
}

/** A flag, false where it is missing. */
export function readFlag(params: Params, name: string): boolean {
  const value = params[name]
  return value === true || value === 1 || (typeof value === 'string' && /^(true|yes|1)$/i.test(value))
}

/** An object or array, itself or as JSON; undefined where it is missing. Throws a 400 for what is no JSON. */
export function readJson(params: Params, name: string): unknown {
  const value = params[name]
  if (typeof value !== 'string') return value ?? undefined
  if (value === '') return undefined
  try {
    return JSON.parse(value)
  } catch {
    throw badRequest(`can't parse ${name} JSON object`)
  }
}

/** An array, itself or as JSON; undefined where it is missing. Throws a 400 for anything else. */
export function readArray(params: Params, name: string): unknown[] | undefined {
  const value = readJson(params, name)
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw badRequest(`can't parse ${name} JSON array`)
  return value
}

/** An object, itself or as JSON; undefined where it is missing. Throws a 400 for anything else. */
export function readObject(params: Params, name: string): Params | undefined {
  const value = readJson(params, name)
  if (value === undefined) return undefined
  if (!isObject(value)) throw badRequest(`can't parse ${name} JSON object`)
  return value
}

/** Whether it is an object and no array. */
export function isObject(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
