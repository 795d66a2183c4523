/**
 * TypeScript read as a tree of syntax: what a file imports and where a node stands. No types are checked
 * and nothing is resolved on disk, so a planted file is read as a real one is.
 *
 * @module
 */
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import ts from 'typescript'

/** Files that hold code, wherever they stand. */
export const CODE: RegExp = /\.[mc]?[jt]s$/

const OWN_NAME = 'standin'
const parsed = new Map<string, ts.SourceFile>()

/** Parses a file once, however many rules ask. */
export function parse(path: string, text: string): ts.SourceFile {
  const key = `${path}\n${text}`
  const known = parsed.get(key)
  if (known !== undefined) return known
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
  parsed.set(key, source)
  return source
}

/** The line a node begins on, from 1, its comments not counted. */
export function lineOf(node: ts.Node): number {
  const source = node.getSourceFile()
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}

/** Visits every node, parents before children. */
export function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node)
  ts.forEachChild(node, (child) => visit(child, look))
}

/** Whether a statement carries a modifier, such as `export`. */
export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind)
}

/** One import of a file, in whatever form it is written. */
export interface Import {
  /** A path from the top (`src/model/job.ts`), `node:fs`, a package's name, or null where it is computed. */
  readonly target: string | null
  readonly line: number
  /** True of `import type` as a whole; `import { type X }` still runs the module. */
  readonly typeOnly: boolean
}

/** Lists what a file imports: import, export from, `import()`, `require()` and types by `import('…')`. */
export function importsOf(path: string, text: string): Import[] {
  const imports: Import[] = []
  visit(parse(path, text), (node) => {
    const found = readImport(node)
    if (found === null) return
    const { specifier, typeOnly } = found
    const target =
      specifier !== undefined && ts.isStringLiteralLike(specifier) ? toTarget(path, specifier.text) : null
    imports.push({ target, line: lineOf(node), typeOnly })
  })
  return imports
}

function readImport(node: ts.Node): { specifier: ts.Node | undefined; typeOnly: boolean } | null {
  if (ts.isImportDeclaration(node)) {
    const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    return { specifier: node.moduleSpecifier, typeOnly }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { specifier: node.moduleSpecifier, typeOnly: node.isTypeOnly }
  }
  if (ts.isExternalModuleReference(node)) return { specifier: node.expression, typeOnly: false }
  if (ts.isImportTypeNode(node)) {
    const specifier = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument
    return { specifier, typeOnly: true }
  }
  if (!ts.isCallExpression(node)) return null
  const callee = node.expression
  const loads =
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  return loads ? { specifier: node.arguments[0], typeOnly: false } : null
}

function toTarget(path: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(path), specifier)
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`
  const parts = specifier.split('/')
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
  return name === OWN_NAME ? 'src/index.ts' : name
}
