// Proves the image with a real engine: builds it, runs the compose file on simulators, kills and stops what runs, and runs
// authors' folders in it. As root on a Debian machine with a running engine: node scripts/image/prove.mjs
import { join } from 'node:path'
import { docker, ROOT, run, tryRun } from './engine.mjs'
import { clear, expect, logs, part, removeScratch, saw, seconds } from './proof.mjs'
import { provesAFolder, provesOtherWays, provesTheShop } from './prove-folders.mjs'
import { provesAKill, provesAStop, provesTheServices } from './prove-services.mjs'

async function provesTheImage() {
  part('The image')
  await run('bash', [join(ROOT, 'scripts/image/make-bases.sh')])
  const start = performance.now()
  await docker('build', '--quiet', '--tag', 'chatlane', ROOT)
  const size = async (image) => Number(await docker('image', 'inspect', '--format', '{{.Size}}', image)) / 1e6
  const [all, base] = [await size('chatlane'), await size('node:24-slim')]
  saw(`built in ${seconds(start)}: ${all.toFixed(0)} MB, of which node:24-slim ${base.toFixed(0)} MB`)
  expect(
    (await docker('run', '--rm', '--entrypoint', 'id', 'chatlane', '-u')) === '1000',
    'it runs as uid 1000',
  )
  const bare = await tryRun('docker', ['run', '--rm', 'chatlane', 'apps/gateway/src/main.ts'])
  expect(bare.code === 1, `without settings it exits 1 and says:\n${bare.err.replace(/^/gm, '         ')}`)
  expect(/^(\w+: found nothing, expected .+\n?){2}$/.test(bare.err), 'one line per problem, nothing else')
}

try {
  await clear()
  await provesTheImage()
  await provesTheServices()
  await provesAKill()
  await provesAStop()
  const folder = await provesAFolder()
  await provesTheShop()
  await provesOtherWays(folder)
  part('All of it was seen.')
} catch (error) {
  console.error(`\n${error.message}\n\n${await logs()}`)
  process.exitCode = 1
} finally {
  await clear()
  await removeScratch()
}
