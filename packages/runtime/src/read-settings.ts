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
    const raw = env[name]?.trim() === '' ? undefined : env[name]?.trim()
    const setting: Setting<unknown> = SETTINGS[name]
    const result = setting.schema.safeParse(raw)
    if (result.success) values[name] = result.data as SettingValue<N>
    else {
      const found =
        raw === undefined ? undefined : setting.secret ? '(a secret, not shown)' : JSON.stringify(raw)
      problems.push(
        problemLine({ name, found, expected: result.error.issues[0]?.message ?? 'another value' }),
      )
    }
  }
  if (problems.length === 0) problems.push(...check(values as Settings<N>))
  if (problems.length > 0) throw new ConfigurationError(problems)
  return Object.freeze(values) as Settings<N>
}
