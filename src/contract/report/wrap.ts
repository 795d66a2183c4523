/**
 * Texts brought into lines of a width.
 *
 * @module
 */

/** Breaks a text at spaces, each line after an indent; a word that is longer than the width stays whole. */
export function wrap(text: string, indent: string, width: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = []
    let line = ''
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`
      if (line !== '' && indent.length + longer.length > width) {
        lines.push(line)
        line = word
      } else line = longer
    }
    return [...lines, line].map((each) => indent + each)
  })
}

/** Cuts a line at a width. */
export function fit(line: string, width: number): string {
  return line.length <= width
    ? line
    : `${line.slice(0, Math.max(0, width - 1)).replace(/[\ud800-\udbff]$/, '')}…`
}
