import { styleText } from 'node:util'
import type { Plan } from './plan.ts'
import { figuresOf, type LaneRecord } from './record.ts'

type Color = Parameters<typeof styleText>[0]

/** Colours where the output is a terminal, and plain text elsewhere. */
export const painter =
  (isColorful: boolean) =>
  (color: Color, text: string): string =>
    isColorful ? styleText(color, text, { validateStream: false }) : text

const levels = ' ▁▂▃▄▅▆▇█'
const width = 72

/** How much happened in each slice of the time, as one character a slice. */
const row = (
  timesMs: readonly number[],
  totalMs: number,
  mark: (count: number) => string,
): string => {
  const slices = Array.from({ length: width }, () => 0)
  for (const ms of timesMs) {
    const slice = Math.min(width - 1, Math.max(0, Math.floor((ms / totalMs) * width)))
    slices[slice] = (slices[slice] ?? 0) + 1
  }
  return slices.map((count) => (count ? mark(count) : '·')).join('')
}

const digit = (count: number): string => (count > 9 ? '+' : String(count))
const bar = (count: number): string => levels.charAt(Math.min(8, Math.ceil(count / 3)))

const troubles = ({ disturbances, totalMs }: Plan): string => {
  const line = Array.from({ length: width }, () => ' ')
  for (const { fromMs, toMs, label } of disturbances) {
    const sliceOf = (ms: number): number => Math.round((ms / totalMs) * width)
    const from = sliceOf(fromMs)
    const room = Math.max(sliceOf(toMs) - from, label.length + 2)
    const text = `├${label.padStart((room + label.length - 2) >> 1, '─').padEnd(room - 2, '─')}┤`
    for (let i = 0; i < text.length && from + i < width; i++) line[from + i] = text.charAt(i)
  }
  return line.join('')
}

/** A timeline of all lanes: requests, refreshes and failures, slice by slice. */
export const picture = (
  lanes: readonly LaneRecord[],
  plan: Plan,
  paint: ReturnType<typeof painter>,
): string => {
  const { totalMs } = plan
  const label = (text: string): string => `  ${text.padEnd(10)} `
  const lines = [`${label('')}${paint('gray', troubles(plan))}`]
  for (const { name, requests, refreshes, lost } of lanes) {
    const at = (list: readonly { atMs: number }[]): number[] => list.map(({ atMs }) => atMs)
    const failed = at(requests.filter(({ error }) => error))
    lines.push(paint('bold', name))
    lines.push(label('requests') + row(at(requests), totalMs, (n) => paint('cyan', bar(n))))
    lines.push(label('refreshes') + row(at(refreshes), totalMs, (n) => paint('yellow', digit(n))))
    lines.push(label('failed') + row(failed, totalMs, (n) => paint('red', digit(n))))
    if (lost.length) lines.push(label('signed out') + row(lost, totalMs, () => paint('red', '✗')))
  }
  lines.push(`${label('')}0 s${`${totalMs / 1000} s`.padStart(width - 3)}`)
  return lines.join('\n')
}

/** The figures side by side. */
export const table = (lanes: readonly LaneRecord[], paint: ReturnType<typeof painter>): string => {
  const heads = ['', 'requests', 'failed', '401s', 'refreshes', 'sessions lost', 'slowest request']
  const rows = lanes.map((lane) => {
    const figures = figuresOf(lane)
    return [
      figures.name,
      ...[
        figures.requests,
        figures.failed,
        figures.refused,
        figures.refreshes,
        figures.sessionsLost,
      ].map(String),
      `${(figures.slowestMs / 1000).toFixed(2)} s`,
    ]
  })
  const widths = heads.map((head, i) =>
    Math.max(head.length, ...rows.map((cells) => (cells[i] ?? '').length)),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('   ')
  return [paint('bold', line(heads)), ...rows.map(line)].join('\n')
}
