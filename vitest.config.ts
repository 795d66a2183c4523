import type { ViteUserConfig } from 'vitest/config'

/** A floor under the branches of what decides an answer or a verdict; no global figure. */
const floor = { branches: 75 }

const config: ViteUserConfig = {
  test: {
    include: [
      'test/**/*.test.ts',
      'specs/**/*.test.ts',
      'examples/**/*.test.ts',
      'contracts/**/*.contract.ts',
    ],

    // Files share a worker's modules: five times quicker on two cores, and nothing here may keep hidden
    // state.
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,

    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
      thresholds: {
        'src/openapi/**': floor,
        'src/server/**': floor,
        'src/world/**': floor,
        'src/contract/**': floor,
      },
    },
  },
}

export default config
