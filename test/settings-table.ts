/** `node test/settings-table.ts` prints the README's table of settings from the catalogue in code. */
import { SETTINGS } from '@chatlane/runtime'

/** The table as Markdown. */
export function settingsTable(): string {
  const rows = Object.entries(SETTINGS).map(
    ([name, { shownDefault, meaning }]) => `| \`${name}\` | ${shownDefault} | ${meaning} |`,
  )
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n')
}

if (import.meta.main) process.stdout.write(`${settingsTable()}\n`)
