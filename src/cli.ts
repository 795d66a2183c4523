#!/usr/bin/env node
/**
 * The bin: the commands, and what they may know of the terminal. Each command loads when it is asked for.
 *
 * @module
 */
import type { Terminal } from './cli/command.ts'
import { runProgram } from './cli/run.ts'

const { stdout, stderr, env } = process

const terminal: Terminal = {
  print: (line) => stdout.write(`${line}\n`),
  note: (line) => stderr.write(`${line}\n`),
  color: stdout.isTTY === true && env['NO_COLOR'] === undefined,
  interactive: stderr.isTTY === true && env['CI'] === undefined,
  environment: env,
}

stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runProgram(
  {
    commands: {
      serve: async () => (await import('./cli/serve.ts')).serve,
      check: async () => (await import('./cli/check.ts')).check,
      proxy: async () => (await import('./cli/proxy.ts')).proxy,
      generate: async () => (await import('./cli/generate.ts')).generate,
      infer: async () => (await import('./cli/infer.ts')).infer,
      list: async () => (await import('./cli/list.ts')).list,
    },
    aliases: { mock: 'serve' },
  },
  process.argv.slice(2),
  terminal,
)
