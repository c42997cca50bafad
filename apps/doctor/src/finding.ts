/** What was found, and what is to be done about it. */

/** `good`: as it should be. `advice`: it works, and could be better. `bad`: it does not work, or not for long. */
export type Finding =
  | { level: 'good'; what: string }
  | { level: 'advice' | 'bad'; what: string; todo: string }

export const good = (what: string): Finding => ({ level: 'good', what })
export const advice = (what: string, todo: string): Finding => ({ level: 'advice', what, todo })
export const bad = (what: string, todo: string): Finding => ({ level: 'bad', what, todo })

const SIGNS = { good: '✓', advice: '!', bad: '✗' } as const

/** A finding in a line or two. */
export function findingLines(finding: Finding): string[] {
  const line = `${SIGNS[finding.level]} ${finding.what}`
  return finding.level === 'good' ? [line] : [line, `    → ${finding.todo}`]
}
