import { holds, ratioToLimit, type Line } from '../line.ts'

/** A figure with as many digits as mean something. */
export const figure = (value: number | undefined): string =>
  value === undefined
    ? '–'
    : Number.isInteger(value)
      ? value.toLocaleString('en')
      : value < 10
        ? value.toFixed(2)
        : value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })

const keyOf = ({ work, measure }: Line): string => `${work}\u0000${measure}`

/** The least that a peer needed for the same, of those who did the work at all. */
export const bestPeer = (line: Line, all: readonly Line[]): Line | undefined =>
  all
    .filter(
      (other) => other.role === 'peer' && other.value !== undefined && keyOf(other) === keyOf(line),
    )
    .toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))[0]

const ratio = (value: number | undefined, to: number | undefined): string =>
  value === undefined || to === undefined
    ? '–'
    : to === 0
      ? value === 0
        ? '1.00'
        : '∞'
      : (value / to).toFixed(2)

/** The whole bench as a table in Markdown, which is also fit for a terminal. */
export const table = (lines: readonly Line[]): string => {
  const head = ['work', 'measure', 'who', 'median', 'limit', '× limit', '× best peer', 'bar']
  const body = lines.map((line) => {
    const { work, measure, subject, role, value, unit, limit, bar } = line
    const best = role === 'ours' ? bestPeer(line, lines) : undefined
    const kept = holds(line)
    return [
      work,
      measure,
      role === 'ours' ? `**${subject}**` : subject,
      value === undefined ? '–' : `${figure(value)}${unit && ` ${unit}`}`,
      limit === undefined ? '–' : `${figure(limit)}${unit && ` ${unit}`}`,
      limit === 0 && value !== 0 ? '–' : (ratioToLimit(line)?.toFixed(2) ?? '–'),
      role === 'ours' ? ratio(value, best?.value) : '',
      bar
        ? `${'ratio' in bar ? `${bar.ratio} ×` : figure(bar.value)} ${kept ? 'held' : 'MISSED'}`
        : '',
    ]
  })
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  )
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [
    row(head),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...body.map(row),
  ].join('\n')
}
