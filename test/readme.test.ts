/**
 * The shell blocks of README.md and ARCHITECTURE.md, run as they stand: a block of text or JSON behind one is
 * what it must print. `UPDATE_README=1 npx vitest run test/readme.test.ts` writes what it prints now.
 */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Program } from './program.ts'
import { CLI, startProgram } from './program.ts'

const run = promisify(execFile)
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const BLOCK = /```sh\n([\s\S]*?)```(?:\n\n```(?:json|text)\n([\s\S]*?)```)?/g
/** What stands between `<!-- standin … -->` and `<!-- end -->` is what that command prints. */
const MARKED = /<!-- (standin [^>]*?) -->\n\n([\s\S]*?)\n<!-- end -->/g
const README_URL = 'http://127.0.0.1:4010'

let program: Program

/** The command as a reader types it, with this build and this test's port in place of the reader's. */
async function shell(command: string): Promise<string> {
  const local = command
    .replaceAll(README_URL, program.url)
    .replaceAll('npx standin', `'${process.execPath}' '${CLI}'`)
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', local], { cwd: root, maxBuffer: 2 ** 26 })
  return `${stdout.trimEnd().replaceAll(program.url, README_URL)}\n`
}

function blocksOf(
  file: string,
): readonly { readonly command: string; readonly output: string | undefined }[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(BLOCK)].map(([, command = '', output]) => ({ command, output }))
}

beforeAll(async () => {
  program = await startProgram(['serve', '--port', '0', '--log', 'silent'])
})
afterAll(async () => {
  await program.stop()
  rmSync(join(root, 'bodies'), { recursive: true, force: true })
})

describe.each(['README.md', 'ARCHITECTURE.md'])('%s', (file) => {
  const blocks = blocksOf(file)
  const scripts = Object.keys(
    (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts,
  )

  it.each(blocks.filter(({ command }) => command.startsWith('npm ')).map(({ command }) => command.trim()))(
    'names scripts that there are: %s',
    (command) => {
      for (const line of command.split('\n')) {
        const [, verb = '', name = ''] = line.split(' ')
        expect(['install', 'start', 'test', 'run']).toContain(verb)
        if (verb !== 'install') expect(scripts).toContain(verb === 'run' ? name : verb)
      }
    },
  )

  it.each(
    blocks.filter(({ command }) => !command.startsWith('npm ')).map((block) => [block.command.trim(), block]),
  )('prints what it says: %s', async (_, { command, output }) => {
    const printed = await shell(command)
    if (process.env['UPDATE_README'] !== undefined && output !== undefined) {
      const text = readFileSync(join(root, file), 'utf8')
      const at = text.indexOf(command) + command.length
      const after = text
        .slice(at)
        .replace(/(```\n\n```(?:json|text)\n)[\s\S]*?```/, (_, start: string) => `${start}${printed}\`\`\``)
      writeFileSync(join(root, file), text.slice(0, at) + after)
    } else if (output !== undefined) expect(printed).toBe(output)
    else expect(printed).not.toBe('\n')
  })

  it('repeats what commands print between its markers', async () => {
    const text = readFileSync(join(root, file), 'utf8')
    let fresh = ''
    let end = 0
    for (const { 0: all, 1: command = '', 2: shown = '', index } of text.matchAll(MARKED)) {
      const printed = await shell(`npx ${command}`)
      if (process.env['UPDATE_README'] === undefined) expect(shown).toBe(printed)
      fresh += text.slice(end, index) + all.slice(0, all.lastIndexOf(`${shown}\n<!-- end`)) + printed
      end = index + all.lastIndexOf('\n<!-- end')
    }
    if (process.env['UPDATE_README'] !== undefined) writeFileSync(join(root, file), fresh + text.slice(end))
  })

  it('names paths that exist', () => {
    const text = readFileSync(join(root, file), 'utf8')
    const paths = [
      ...text.matchAll(/`((?:src|specs|contracts|fixtures|examples|test|bench|\.ci)\/[\w./-]*)`/g),
    ]
    for (const [, path = ''] of paths) expect(existsSync(join(root, path)), path).toBe(true)
  })
})
