/** Reads chosen variables from an environment, validates them whole and reports every problem at once. */
import { SETTINGS, type Setting, type SettingName, type SettingValue } from './settings.ts'

/** The values of the variables that were asked for. */
export type Settings<N extends SettingName> = { [K in N]: SettingValue<K> }

/** Thrown with one line per problem; `main` prints the lines and exits with 1. */
export class ConfigurationError extends Error {
  readonly code = 'CONFIGURATION'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigurationError'
    this.problems = problems
  }
}

/** One problem line: the variable's name, what was found (never a secret's), what is expected. */
export function problemLine(problem: { name: string; found: string | undefined; expected: string }): string {
  const found = problem.found === undefined ? 'nothing' : problem.found
  return `${problem.name}: found ${found}, expected ${problem.expected}`
}

/**
 * Reads `names` from `env`. An empty value counts as unset. `check` may add problems that concern several
 * variables together. Throws a ConfigurationError that names every problem.
 */
export function readSettings<N extends SettingName>(
  env: Record<string, string | undefined>,
  names: readonly N[],
  check: (settings: Settings<N>) => string[] = () => [],
): Settings<N> {
  const problems: string[] = []
  const values: Partial<Settings<N>> = {}
  for (const name of names) {
    const read = readValue(name, env[name])
    if ('value' in read) values[name] = read.value as SettingValue<N>
    else problems.push(problemLine({ name, ...read }))
  }
  if (problems.length === 0) problems.push(...check(values as Settings<N>))
  if (problems.length > 0) throw new ConfigurationError(problems)
  return Object.freeze(values) as Settings<N>
}

/** What `raw` means for the variable `name`, or what was found (never a secret's) and what is expected. */
export function readValue(
  name: SettingName,
  raw: string | undefined,
): { value: unknown } | { found: string | undefined; expected: string } {
  const text = raw?.trim() === '' ? undefined : raw?.trim()
  const setting: Setting<unknown> = SETTINGS[name]
  const result = setting.schema.safeParse(text)
  if (result.success) return { value: result.data }
  const shown = setting.secret ? '(a secret, not shown)' : JSON.stringify(text)
  return {
    found: text === undefined ? undefined : shown,
    expected: result.error.issues[0]?.message ?? 'another value',
  }
}
