import { configDefaults, defineConfig } from 'vitest/config'

/**
 * What judges how much of a budget is used needs both cores for itself; what runs many processes, or a core for a minute,
 * would make others wait who look at a page.
 */
const ALONE = [
  'test/e2e/budgets.test.ts',
  'test/e2e/streaming-load.test.ts',
  'test/faults/*.test.ts',
  'test/chaos/*.test.ts',
  'test/proof-commands.test.ts',
  'test/interleavings/interleavings.test.ts',
  'test/deploy/alerts-fire.test.ts',
]
const ALL = [
  'packages/*/test/**/*.test.ts',
  'apps/*/test/**/*.test.ts',
  'examples/*/*.test.ts',
  'test/**/*.test.ts',
]
const globalSetup = ['packages/test-kit/src/global-setup.ts']

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'side by side',
          include: ALL,
          exclude: [...configDefaults.exclude, ...ALONE],
          globalSetup,
          // Whole installations wait most of the time: two share two cores, more would wait for each other.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, globalSetup, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
