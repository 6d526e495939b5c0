import { holds, ratioToLimit, type Line } from '../line.ts'
import { bestPeer } from './best-peer.ts'

/** A figure with as many digits as mean something. */
export const figure = (value: number | undefined, unit = ''): string => {
  if (value === undefined) return '–'
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value < 10 ? 2 : 1
  const number = value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return unit ? `${number} ${unit}` : number
}

const written = (head: readonly string[], body: readonly (readonly string[])[]): string => {
  const widths = head.map((title, column) =>
    Math.max(title.length, 3, ...body.map((cells) => cells[column]?.length ?? 0)),
  )
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [
    row(head),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...body.map(row),
  ].join('\n')
}

const times = (value: number | undefined, of: number | undefined): string =>
  value === undefined || of === undefined
    ? '–'
    : of === 0
      ? value === 0
        ? '1.00'
        : '–'
      : (value / of).toFixed(2)

const barOf = (line: Line): string => {
  const { bar } = line
  if (!bar) return ''
  return `${'ratio' in bar ? `${bar.ratio} ×` : figure(bar.value)} ${holds(line) ? 'held' : '**missed**'}`
}

/** Ours alone, each against what physics allows and against the best of the peers that did the work. */
export const summary = (lines: readonly Line[]): string =>
  written(
    ['work', 'measure', 'ours', 'median', 'limit', '× limit', 'best peer', '× best peer', 'bar'],
    lines
      .filter(({ role }) => role === 'ours')
      .map((line) => {
        const { work, measure, subject, value, unit, limit } = line
        const best = bestPeer(line, lines)
        return [
          work,
          measure,
          subject,
          figure(value, unit),
          figure(limit, unit),
          ratioToLimit(line)?.toFixed(2) ?? '–',
          best ? `${best.subject}: ${figure(best.value, unit)}` : '–',
          best ? times(value, best.value) : '–',
          barOf(line),
        ]
      }),
  )

/** Everybody, one table for each piece of work. */
export const details = (lines: readonly Line[]): string => {
  const works = [...new Set(lines.map(({ work }) => work))]
  return works
    .map((work) => {
      const own = lines.filter((line) => line.work === work)
      const measures = [...new Set(own.map(({ measure }) => measure))]
      const subjects = [...new Set(own.map(({ subject }) => subject))]
      const body = subjects.map((subject) => {
        const cells = measures.map((measure) => {
          const line = own.find((one) => one.subject === subject && one.measure === measure)
          if (!line) return ''
          const ratio = line.unit === '×' || line.unit === '' ? undefined : ratioToLimit(line)
          return `${figure(line.value, line.unit)}${ratio === undefined ? '' : ` (${ratio.toFixed(2)} ×)`}`
        })
        const isOurs = own.some((line) => line.subject === subject && line.role === 'ours')
        return [isOurs ? `**${subject}**` : subject, ...cells]
      })
      return `${written([work, ...measures], body)}`
    })
    .join('\n\n')
}
