// Builds dist/: the program and its vendors bundled, the documents verified and parsed into a manifest.
// `--if-changed` does nothing when the sources are those of the last build.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('.', import.meta.url))
const STAMP = join(root, 'dist', 'sources.sha256')
const SOURCES = [
  'src',
  'specs',
  'contracts',
  'bench',
  'build.mjs',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
]

function hashSources() {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    const path = join(root, source)
    if (!existsSync(path)) continue
    const files = source.includes('.')
      ? ['']
      : readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(path.length))
          .sort()
    for (const file of files)
      hash
        .update(`${source}${file}\0`)
        .update(readFileSync(join(path, file)))
        .update('\0')
  }
  return hash.digest('hex')
}

const sources = hashSources()
const fresh = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources
if (process.argv.includes('--if-changed') && fresh) process.exit(0)

const { build } = await import('esbuild')
rmSync(join(root, 'dist'), { recursive: true, force: true })

const vendors = readdirSync(join(root, 'specs'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(root, 'specs', entry.name, 'vendor.ts')))
  .map(({ name }) => [`vendors/${name}`, join(root, 'specs', name, 'vendor.ts')])

const benches = readdirSync(join(root, 'bench'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => [`bench/${name.slice(0, -3)}`, join(root, 'bench', name)])

await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries([
    ['cli', 'src/cli.ts'],
    ['index', 'src/index.ts'],
    ['vitest', 'src/vitest.ts'],
    ['write-manifest', 'src/cli/write-manifest.ts'],
    ...vendors,
    ...benches,
  ]),
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: 'chunks/[name]-[hash]',
  // These read files beside themselves, or are large and seldom needed.
  external: [
    '@faker-js/faker',
    '@seriousme/openapi-schema-validator',
    '@stoplight/prism-cli',
    'ioredis',
    'vitest',
  ],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})

const { writeManifest } = await import(pathToFileURL(join(root, 'dist', 'write-manifest.js')).href)
try {
  const apis = await writeManifest(root)
  const types = spawnSync(
    process.execPath,
    [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  if (types.status !== 0) process.exit(1)
  writeFileSync(STAMP, sources)
  console.log(`built dist/ with ${apis.join(', ')}`)
} catch (error) {
  if (error?.name !== 'UsageError') throw error
  console.error(error.message)
  process.exit(2)
}
