/**
 * Determinism: outside `src/cli/` no code reads the clock, chance, the process, the machine's locale or its
 * time zone. What needs one of them takes it as a parameter.
 *
 * @module
 */
import ts from 'typescript'
import type { Rule, Violation } from './rule.ts'
import { inEach } from './rule.ts'
import { lineOf, parse, visit } from './source.ts'

/** Members of a global that differ from one run to the next; null for all of them. */
const MEMBERS: Readonly<Record<string, readonly string[] | null>> = {
  Date: ['now'],
  Math: ['random'],
  AbortSignal: ['timeout'],
  performance: null,
  process: null,
}

/** Members that are drawn by chance or follow the machine's locale or time zone, whatever they stand on. */
const ANYWHERE = new Set([
  ...['randomUUID', 'getRandomValues'],
  ...['localeCompare', 'toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'],
  ...['toLocaleLowerCase', 'toLocaleUpperCase', 'getTimezoneOffset'],
  ...['getFullYear', 'getMonth', 'getDate', 'getDay', 'getHours', 'getMinutes', 'getSeconds'],
])

const TIMERS = new Set(['setTimeout', 'setInterval', 'setImmediate'])

/** Reads `a.b`, `a['b']` and `globalThis.a.b` as the pair a, b. */
function readMember(node: ts.Node): { owner: string; member: string } | null {
  if (ts.isPropertyAccessExpression(node)) return { owner: nameOf(node.expression), member: node.name.text }
  if (!ts.isElementAccessExpression(node) || !ts.isStringLiteralLike(node.argumentExpression)) return null
  return { owner: nameOf(node.expression), member: node.argumentExpression.text }
}

function nameOf(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text
  const inner = readMember(expression)
  return inner?.owner === 'globalThis' ? inner.member : ''
}

/** Whether an identifier only names a member, a parameter or a type and so calls nothing. */
function isMereName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isShorthandPropertyAssignment(parent)) return false
  if (ts.isTypeQueryNode(parent) || ts.isQualifiedName(parent)) return true
  return 'name' in parent && parent.name === node
}

/** Names what a node takes from its surroundings, or null where it takes nothing. */
function findAmbient(node: ts.Node): string | null {
  if (ts.isIdentifier(node) && TIMERS.has(node.text) && !isMereName(node)) return node.text
  if (ts.isNewExpression(node) && nameOf(node.expression) === 'Date') {
    return (node.arguments?.length ?? 0) === 0 ? 'new Date() without arguments' : null
  }
  if (ts.isCallExpression(node) && nameOf(node.expression) === 'Date') return 'Date()'

  const access = readMember(node)
  if (access === null) return null
  const { owner, member } = access
  if (owner === 'globalThis') return TIMERS.has(member) ? member : null
  if (ANYWHERE.has(member)) return `.${member}`
  if (!Object.hasOwn(MEMBERS, owner)) return null
  const members = MEMBERS[owner]
  return members === null || members?.includes(member) ? `${owner}.${member}` : null
}

const BECAUSE = 'outside src/cli/ clock, chance and machine are parameters'

const nothingAmbient: Rule = {
  says: 'no clock, chance, process or locale is read outside src/cli',
  check: inEach(/^src\/(?!cli\/|cli\.ts$).*\.ts$|^specs\/[^/]+\/vendor\.ts$/, (path, text) => {
    const violations: Violation[] = []
    visit(parse(path, text), (node) => {
      const found = findAmbient(node)
      if (found !== null) violations.push({ path, line: lineOf(node), message: `uses ${found}: ${BECAUSE}` })
    })
    return violations
  }),
  planted: [
    {
      files: {
        'src/world/clock.ts': [
          'const a = Date.now()',
          'const b = new Date()',
          'const c = Math.random() + performance.now()',
          'const d = globalThis.crypto.randomUUID()',
          'crypto.getRandomValues(new Uint8Array(1))',
          'setTimeout(() => {}, 1)',
          'globalThis.setInterval(a, 1)',
          "const e = { sleep: setTimeout, now: Date['now'] }",
          'const f = Date()',
        ].join('\n'),
        'src/server/locale.ts': 'a.localeCompare(b)\nnew Date(1).getHours()\nprocess.env["TZ"]\n',
        'specs/acme/vendor.ts': 'export const made = new Date()\n',
      },
      reports: [
        `specs/acme/vendor.ts:1 uses new Date() without arguments: ${BECAUSE}`,
        `src/server/locale.ts:1 uses .localeCompare: ${BECAUSE}`,
        `src/server/locale.ts:2 uses .getHours: ${BECAUSE}`,
        `src/server/locale.ts:3 uses process.env: ${BECAUSE}`,
        `src/world/clock.ts:1 uses Date.now: ${BECAUSE}`,
        `src/world/clock.ts:2 uses new Date() without arguments: ${BECAUSE}`,
        `src/world/clock.ts:3 uses Math.random: ${BECAUSE}`,
        `src/world/clock.ts:3 uses performance.now: ${BECAUSE}`,
        `src/world/clock.ts:4 uses .randomUUID: ${BECAUSE}`,
        `src/world/clock.ts:5 uses .getRandomValues: ${BECAUSE}`,
        `src/world/clock.ts:6 uses setTimeout: ${BECAUSE}`,
        `src/world/clock.ts:7 uses setInterval: ${BECAUSE}`,
        `src/world/clock.ts:8 uses setTimeout: ${BECAUSE}`,
        `src/world/clock.ts:8 uses Date.now: ${BECAUSE}`,
        `src/world/clock.ts:9 uses Date(): ${BECAUSE}`,
      ],
    },
    {
      // Quiet: what is given as a parameter, a fixed instant, a member of the same name, and all of src/cli/.
      files: {
        'src/world/quiet.ts': [
          'interface Port { readonly setTimeout: (afterMs: number) => void }',
          'export function tick(port: Port, nowMs: number): number {',
          '  port.setTimeout(5)',
          '  return new Date(nowMs).getUTCHours() + Date.UTC(2026, 0) + Math.floor(nowMs)',
          '}',
        ].join('\n'),
        'src/cli/serve.ts': 'setTimeout(() => {}, Date.now())\n',
        'src/cli.ts': 'process.exitCode = Math.random()\n',
        'test/x.test.ts': 'const now = new Date()\n',
      },
      reports: [],
    },
  ],
}

/** Rules about determinism. */
export const ambientRules: readonly Rule[] = [nothingAmbient]
