import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const text = (path: string) => readFileSync(at(path), 'utf8')

interface Manifest {
  name: string
  dependencies?: Record<string, string>
}

const kept = () => {
  const leftOut = text('.dockerignore').split('\n')
  return ['apps', 'packages']
    .flatMap((floor) => readdirSync(at(floor)).map((name) => `${floor}/${name}`))
    .filter((folder) => !leftOut.includes(folder))
    .map((folder) => JSON.parse(text(`${folder}/package.json`)) as Manifest)
}

test('what the image leaves out is needed by nothing that it holds', () => {
  const names = kept().map(({ name }) => name)
  const needed = kept().flatMap(({ dependencies = {} }) =>
    Object.keys(dependencies).filter((name) => dependencies[name]?.startsWith('workspace:')),
  )
  expect(names).toContain('@chatlane/gateway')
  expect(needed.filter((name) => !names.includes(name))).toEqual([])
})

test("the compose file mounts authors' folders where the image works", () => {
  const mounted = /HANDLERS_DIR[^:]*:-[^}]*\}:(\S+)"/.exec(text('docker-compose.yml'))?.[1]
  const worksIn = [...text('Dockerfile').matchAll(/^WORKDIR (\S+)/gm)].at(-1)?.[1]
  expect(mounted).toBe(worksIn)
})
