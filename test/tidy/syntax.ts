/**
 * What a source file must say of itself, and the syntax it does without.
 *
 * @module
 */
import ts from 'typescript'
import type { Rule, Violation } from './rule.ts'
import { inEach } from './rule.ts'
import { CODE, hasModifier, lineOf, parse, visit } from './source.ts'

const SOURCE = /^src\/.*\.ts$/

const moduleHeader: Rule = {
  says: 'a file of src/ opens with a comment that says what it is and ends in @module',
  check: inEach(SOURCE, (path, text): Violation[] => {
    const opening = /^(?:#!.*\n)?\/\*\*(.*?)\*\//s.exec(text)?.[1]
    if (opening === undefined) return [{ path, line: 1, message: 'opens with no /** comment */' }]
    const said = /^(.*)@module[\s*]*$/s.exec(opening)?.[1]
    if (said === undefined) return [{ path, line: 1, message: 'its opening comment does not end in @module' }]
    if (/\p{L}/u.test(said)) return []
    return [{ path, line: 1, message: 'its opening comment says nothing' }]
  }),
  planted: [
    {
      files: {
        'src/model/a.ts': "import './b.ts'\n/**\n * Late.\n *\n * @module\n */\n",
        'src/model/b.ts': '/**\n * A row.\n */\nexport {}\n',
        'src/model/c.ts': '/**\n * @module\n */\nexport {}\n',
        'src/model/d.ts': '// A row.\n',
        'src/model/e.ts': '/**\n * A row, which is no page.\n *\n * @module\n */\n',
        'src/cli.ts': '#!/usr/bin/env node\n/**\n * The bin.\n *\n * @module\n */\n',
      },
      reports: [
        'src/model/a.ts:1 opens with no /** comment */',
        'src/model/b.ts:1 its opening comment does not end in @module',
        'src/model/c.ts:1 its opening comment says nothing',
        'src/model/d.ts:1 opens with no /** comment */',
      ],
    },
  ],
}

/** Whether a TSDoc comment that is not the file's header stands directly above a statement. */
function isDocumented(statement: ts.Statement, text: string): boolean {
  const comments = ts.getLeadingCommentRanges(text, statement.pos) ?? []
  const above = comments.filter(({ pos }) => !text.startsWith('// biome-ignore', pos)).at(-1)
  if (above === undefined) return false
  const comment = text.slice(above.pos, above.end)
  const between = text.slice(above.end, statement.getStart())
  return comment.startsWith('/**') && !comment.includes('@module') && !/\n\s*\n/.test(between)
}

/** The names a statement declares; of an overloaded function only the first signature declares it. */
function declaredNames(statement: ts.Statement, before: ts.Statement | undefined): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText())
  }
  const declares =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement)
  if (!declares || statement.name === undefined) return []
  const name = statement.name.text
  const overloads = before !== undefined && ts.isFunctionDeclaration(before) && before.body === undefined
  return overloads && before.name?.text === name ? [] : [name]
}

/** Names in the `export { a, b }` lists of a file itself. */
function listedExports(source: ts.SourceFile): Set<string> {
  return new Set(
    source.statements.flatMap((statement) => {
      if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier !== undefined) return []
      if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) return []
      return statement.exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
    }),
  )
}

const exportsDocumented: Rule = {
  says: 'every export of src/ has a TSDoc comment directly above it',
  check: inEach(SOURCE, (path, text) => {
    const source = parse(path, text)
    const listed = listedExports(source)
    return source.statements.flatMap((statement, index): Violation[] => {
      const names = declaredNames(statement, source.statements[index - 1])
      const exported = hasModifier(statement, ts.SyntaxKind.ExportKeyword)
      const name = names.find((declared) => exported || listed.has(declared))
      if (name === undefined || isDocumented(statement, text)) return []
      return [{ path, line: lineOf(statement), message: `exports ${name} without a TSDoc comment above it` }]
    })
  }),
  planted: [
    {
      files: {
        'src/model/a.ts': [
          '/** A header, no comment of what follows. @module */',
          'export const a = 1',
          '/** Said. */',
          'export function b(): void {}',
          'export function b(n?: number): void {}',
          '// Said, but not to TSDoc.',
          'export interface C {}',
          '/** Too far away. */',
          '',
          'export type D = 1',
          'export class E {}',
          'const f = 1',
          'function own() {}',
          'export { f as g }',
          "export { h } from './h.ts'",
        ].join('\n'),
        'src/model/b.ts': [
          '/** Overloaded. */',
          'export function b(): void',
          'export function b(n: number): void',
          'export function b(n?: number): void {}',
          '/** Said. */',
          '// biome-ignore lint/style/x: because',
          'export const c = 1',
        ].join('\n'),
      },
      reports: [
        'src/model/a.ts:2 exports a without a TSDoc comment above it',
        'src/model/a.ts:5 exports b without a TSDoc comment above it',
        'src/model/a.ts:7 exports C without a TSDoc comment above it',
        'src/model/a.ts:10 exports D without a TSDoc comment above it',
        'src/model/a.ts:11 exports E without a TSDoc comment above it',
        'src/model/a.ts:12 exports f without a TSDoc comment above it',
      ],
    },
  ],
}

/** A rule that no node of the files is of a kind; `name` says which, or null for any other node. */
function without(says: string, where: RegExp, name: (node: ts.Node) => string | null): Omit<Rule, 'planted'> {
  const check = inEach(where, (path, text) => {
    const violations: Violation[] = []
    visit(parse(path, text), (node) => {
      const message = name(node)
      if (message !== null) violations.push({ path, line: lineOf(node), message })
    })
    return violations
  })
  return { says, check }
}

function nameDefaultExport(node: ts.Node): string | null {
  const isDefault =
    ts.isExportAssignment(node) ||
    hasModifier(node, ts.SyntaxKind.DefaultKeyword) ||
    (ts.isExportSpecifier(node) && node.name.text === 'default')
  return isDefault ? 'has a default export: name what is exported' : null
}

const noDefaultExport: Rule = {
  ...without('nothing but a config file has a default export', CODE, (node) =>
    /\.config\.ts$/.test(node.getSourceFile().fileName) ? null : nameDefaultExport(node),
  ),
  planted: [
    {
      files: {
        'src/cli/a.ts': '\nexport default {}\n',
        'src/cli/b.ts': 'export default function run() {}\n',
        'specs/acme/vendor.ts': 'const vendor = 1\nexport { vendor as default }\n',
        'vitest.config.ts': 'export default {}\n',
      },
      reports: [
        'specs/acme/vendor.ts:2 has a default export: name what is exported',
        'src/cli/a.ts:2 has a default export: name what is exported',
        'src/cli/b.ts:1 has a default export: name what is exported',
      ],
    },
  ],
}

const noAny: Rule = {
  ...without('src/ and specs/ have no any', /^(src|specs)\/.*\.ts$/, (node) =>
    node.kind === ts.SyntaxKind.AnyKeyword ? 'has the type any: say unknown, and narrow it' : null,
  ),
  planted: [
    {
      files: { 'src/model/a.ts': "// any\nconst any = 'any'\nconst rows: Record<string, any[]> = {}\n" },
      reports: ['src/model/a.ts:3 has the type any: say unknown, and narrow it'],
    },
  ],
}

function nameAssertion(node: ts.Node): string | null {
  const asserts =
    ts.isNonNullExpression(node) ||
    ((ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) &&
      node.exclamationToken !== undefined)
  return asserts ? 'asserts with ! what the compiler cannot see: check it' : null
}

const noAssertion: Rule = {
  ...without('src/ and specs/ have no non-null assertion', /^(src|specs)\/.*\.ts$/, nameAssertion),
  planted: [
    {
      files: { 'src/model/a.ts': 'const a = rows[0]!.id\nlet b!: string\nconst c = !a && a !== b\n' },
      reports: [
        'src/model/a.ts:1 asserts with ! what the compiler cannot see: check it',
        'src/model/a.ts:2 asserts with ! what the compiler cannot see: check it',
      ],
    },
  ],
}

/** Rules about what stands in a file. */
export const syntaxRules: readonly Rule[] = [
  moduleHeader,
  exportsDocumented,
  noDefaultExport,
  noAny,
  noAssertion,
]
