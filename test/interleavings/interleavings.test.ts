import { env } from 'node:process'
import { expect, test } from 'vitest'
import { explore } from './explore.ts'
import { openLaboratory } from './laboratory.ts'
import { SCENES } from './scenes.ts'

/** Words of the scenes that `pnpm interleavings` wants. Without it: all that are small. */
const WORDS = env.INTERLEAVINGS

test.each(SCENES.filter(({ name, isLarge }) => (WORDS === undefined ? !isLarge : name.includes(WORDS))))(
  'in every order of steps each update is answered once, in order, and nothing stays behind: $name',
  async (scene) => {
    const laboratory = openLaboratory()
    const walk = await explore(laboratory, scene, { faults: scene.fault ? [scene.fault] : [] })
    process.stdout.write(
      `${scene.name}: ${walk.worlds} worlds, ${walk.steps} steps, ${walk.ends} ends; Redis made ${laboratory.stepsMade()} steps\n`,
    )
    expect(walk.ends).toBeGreaterThan(0)
  },
  WORDS === undefined ? 300_000 : 0,
)
