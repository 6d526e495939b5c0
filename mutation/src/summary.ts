import type { Mutant } from './report.ts'
import type { Survivor } from './survivors.ts'

/** How many of a hundred mutants are found. */
export const scoreOf = (mutants: readonly Mutant[]): number =>
  (100 * mutants.filter(({ isFound }) => isFound).length) / mutants.length

const headings = ['file', 'mutants', 'found', 'score']

/** The score of each file, and of all. */
export const tableOf = (mutants: readonly Mutant[]): string => {
  const rowOf = (name: string, some: readonly Mutant[]): readonly string[] => [
    name,
    String(some.length),
    String(some.filter(({ isFound }) => isFound).length),
    `${scoreOf(some).toFixed(1)} %`,
  ]
  const byFile = Object.entries(Object.groupBy(mutants, ({ file }) => file))
  const rows = [
    ...byFile
      .map(([file, some = []]) => rowOf(file, some))
      .toSorted(([a = ''], [b = '']) => a.localeCompare(b)),
    rowOf('all', mutants),
  ]
  const widths = headings.map((heading, n) =>
    Math.max(heading.length, ...rows.map((row) => row[n]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, n) => (n ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, n) => (n ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [line(headings), line(rule), ...rows.map(line)].join('\n')
}

/** The survivors, file by file, each with its reason. */
export const listOf = (survivors: readonly Survivor[]): string =>
  Object.entries(Object.groupBy(survivors, ({ file }) => file))
    .map(([file, some = []]) => {
      const entries = some.map(
        ({ line, replacement, why }) =>
          `- \`${line}\`, a part of it changed to \`${replacement || 'nothing'}\`: ${why}`,
      )
      return `### ${file}\n\n${entries.join('\n')}`
    })
    .join('\n\n')
