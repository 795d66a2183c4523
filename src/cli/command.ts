/**
 * Commands as values: what they take and what they do. Reading flags, help and exit codes are `run.ts`.
 *
 * @module
 */

/** A flag of a command. */
export interface Flag {
  readonly type: 'string' | 'boolean'
  /** One letter. */
  readonly short?: string
  readonly multiple?: boolean
  /** What stands for the value in help texts. */
  readonly value?: string
  /** The only values it may have. */
  readonly choices?: readonly string[]
  readonly default?: string | boolean
  readonly help: string
}

/** Flags as they were given, or their defaults. */
export interface Flags {
  text(name: string): string | null
  texts(name: string): readonly string[]
  flag(name: string): boolean
  /** Does it stand on the command line? */
  isGiven(name: string): boolean
  /** @throws {@link UsageError} when it is no integer within the bounds. */
  integer(name: string, min: number, max: number): number | null
}

/** Where a command writes, and what it may know of the terminal. */
export interface Terminal {
  readonly print: (line: string) => void
  /** For what is not the result: progress, warnings. */
  readonly note: (line: string) => void
  readonly color: boolean
  readonly interactive: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A command of the program. */
export interface Command {
  readonly summary: string
  /** What follows the command's name in help texts. */
  readonly usage: string
  readonly description: string
  readonly flags: Readonly<Record<string, Flag>>
  /** Resolves to the exit code. */
  run(names: readonly string[], flags: Flags, terminal: Terminal): Promise<number>
}
