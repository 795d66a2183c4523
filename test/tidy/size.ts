/**
 * Sizes that read well: lines, functions and files that one can hold in the head.
 *
 * @module
 */
import ts from 'typescript'
import type { Rule, Violation } from './rule.ts'
import { inEach } from './rule.ts'
import { lineOf, parse, visit } from './source.ts'

const MAX_FILE_LINES = 300
const MAX_FUNCTION_LINES = 70
const MAX_COLUMNS = 110

const OUR_CODE = /^(src|specs|contracts|test|bench)\/.*\.ts$/

/** A file's lines; the newline that ends the last one begins no other. */
function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n')
}

const shortFiles: Rule = {
  says: `a file has at most ${MAX_FILE_LINES} lines`,
  check: inEach(OUR_CODE, (path, text): Violation[] => {
    const { length } = linesOf(text)
    if (length <= MAX_FILE_LINES) return []
    const message = `has ${length} lines: a file has at most ${MAX_FILE_LINES}`
    return [{ path, line: MAX_FILE_LINES + 1, message }]
  }),
  planted: [
    {
      files: {
        'specs/acme/vendor.ts': '//\n'.repeat(301),
        'src/model/job.ts': '//\n'.repeat(300),
        'specs/acme/openapi.yaml': '#\n'.repeat(301),
      },
      reports: ['specs/acme/vendor.ts:301 has 301 lines: a file has at most 300'],
    },
  ],
}

const shortLines: Rule = {
  says: `a line is at most ${MAX_COLUMNS} characters wide`,
  check: inEach(OUR_CODE, (path, text) =>
    linesOf(text).flatMap((line, index): Violation[] => {
      const { length } = [...line]
      if (length <= MAX_COLUMNS) return []
      return [{ path, line: index + 1, message: `is ${length} characters wide: at most ${MAX_COLUMNS}` }]
    }),
  ),
  planted: [
    {
      files: { 'bench/page.ts': `//${'a'.repeat(108)}\n//${'🙂'.repeat(108)}\n//${'a'.repeat(109)}\n` },
      reports: ['bench/page.ts:3 is 111 characters wide: at most 110'],
    },
  ],
}

function nameOf(node: ts.Node): string {
  if ('name' in node && node.name !== undefined) return (node.name as ts.Node).getText()
  const { parent } = node
  const named = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)
  return named ? parent.name.getText() : ts.isConstructorDeclaration(node) ? 'constructor' : '(anonymous)'
}

const shortFunctions: Rule = {
  says: `a function of src/ has at most ${MAX_FUNCTION_LINES} lines`,
  check: inEach(/^src\/.*\.ts$/, (path, text) => {
    const source = parse(path, text)
    const violations: Violation[] = []
    visit(source, (node) => {
      if (!ts.isFunctionLike(node) || !('body' in node)) return
      const line = lineOf(node)
      const lines = source.getLineAndCharacterOfPosition(node.end).line + 2 - line
      if (lines <= MAX_FUNCTION_LINES) return
      const message = `function ${nameOf(node)} has ${lines} lines: at most ${MAX_FUNCTION_LINES}`
      violations.push({ path, line, message })
    })
    return violations
  }),
  planted: [
    {
      files: {
        'src/server/handle.ts': `/**\n * Long.\n */\nfunction handle() {\n${'  step()\n'.repeat(69)}}\n`,
        'src/server/step.ts': `const step = async () => {\n${'  step()\n'.repeat(70)}}\n`,
        'src/server/fine.ts': `/**\n * Fine.\n */\nfunction fine() {\n${'  step()\n'.repeat(68)}}\n`,
        'src/server/class.ts': `class A {\n  run() {\n${'    step()\n'.repeat(99)}  }\n}\n`,
        'test/server/x.test.ts': `it('x', () => {\n${'  step()\n'.repeat(99)}})\n`,
      },
      reports: [
        'src/server/class.ts:2 function run has 101 lines: at most 70',
        'src/server/handle.ts:4 function handle has 71 lines: at most 70',
        'src/server/step.ts:1 function step has 72 lines: at most 70',
      ],
    },
  ],
}

/** Rules about sizes. */
export const sizeRules: readonly Rule[] = [shortFiles, shortLines, shortFunctions]
