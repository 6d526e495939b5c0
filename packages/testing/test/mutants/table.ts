import type { Catch } from './hunt.ts'

const ruleOf = (violation: string): string => /^rule ([^:]+)/.exec(violation)?.[1] ?? '–'

/** What is broken, in the words of the rule book, without what differs from run to run. */
const wordsOf = (violation: string): string =>
  violation
    .replace(/^rule [^:]+: (tab \d+: )?/, '')
    .replace(/\b\d+(\.\d+)?\b/g, 'N')
    .replace(/: TokenError: .*| Show .*| Try again .*| Give the .*/, '')
    .replace(/(no TokenError): .*/, '$1')
    .replace(/\.$/, '')

const headings = ['wrong core', 'breaks rule', 'what was seen', 'schedules']

/** The table of the README: each wrong core, and how many schedules it took to find it. */
export const tableOf = (catches: readonly Catch[]): string => {
  const rows = catches.map(({ name, seed, violation }) => [
    name,
    ruleOf(violation),
    wordsOf(violation),
    seed?.toLocaleString('en') ?? 'not found',
  ])
  const widths = headings.map((heading, column) =>
    Math.max(...[heading, ...rows.map((row) => row[column] ?? '')].map(({ length }) => length)),
  )
  const last = headings.length - 1
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, n) => (n === last ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, n) =>
    n === last ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  )
  return [line(headings), line(rule), ...rows.map(line)].join('\n')
}
