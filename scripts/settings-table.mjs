// Prints the README's table of settings from the catalogue in code; `test/docs.test.ts` compares the two.
import { SETTINGS } from '../packages/runtime/src/settings.ts'

/** The table as Markdown. */
export function settingsTable() {
  const rows = Object.entries(SETTINGS).map(([name, { shownDefault, meaning }]) => `| \`${name}\` | ${shownDefault} | ${meaning} |`)
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n')
}

if (import.meta.main) console.log(settingsTable())
