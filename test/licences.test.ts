import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Of these everybody may use, change and pass on what is under them, beside code of any licence. */
const FREE = new Set([
  ...['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense'],
  ...['MPL-2.0', 'PSF-2.0', 'MIT OR Apache-2.0', 'CC0-1.0'],
])

test('whatever the product is made of may be passed on by anybody', () => {
  const listed = execFileSync('npx', ['-y', 'pnpm@12', '-r', 'licenses', 'list', '--prod', '--json'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const packages = JSON.parse(listed) as Record<string, { name: string }[]>
  expect(Object.values(packages).flat().length).toBeGreaterThan(100)
  const others = Object.entries(packages).filter(([licence]) => !FREE.has(licence))
  expect(others.map(([licence, found]) => [licence, found.map(({ name }) => name)])).toEqual([])
})
