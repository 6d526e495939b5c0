import { holds, type Line } from '../line.ts'
import { colours, line, rect, svg, text } from './svg.ts'
import { figure } from './table.ts'

/** What is drawn: for each piece of work the figure that tells most. */
const drawn: readonly (readonly [work: RegExp, measure: string, title: string])[] = [
  [/^axios GET/, 'cost of a request', 'axios GET with a fresh token'],
  [/^axios JSON/, 'cost of a request', 'axios JSON POST with a fresh token'],
  [/^ky GET/, 'cost of a request', 'ky GET with a fresh token'],
  [/^ky JSON/, 'cost of a request', 'ky JSON POST with a fresh token'],
  [/^ofetch GET/, 'cost of a request', 'ofetch GET with a fresh token'],
  [/^ofetch JSON/, 'cost of a request', 'ofetch JSON POST with a fresh token'],
  [/^fetch GET/, 'cost of a request', 'fetch GET with a fresh token'],
  [/^fetch JSON/, 'cost of a request', 'fetch JSON POST with a fresh token'],
  [/^graphql/, 'cost of a request', 'graphql-request query with a fresh token'],
  [/^herd of 200/, 'refreshes', '200 callers at expiry: refreshes'],
  [/^herd of 200/, 'failed', '200 callers at expiry: failed requests'],
  [
    /^herd of 10/,
    'time over the limit',
    '10,000 callers at expiry: time over one refresh and the requests',
  ],
  [/^late/, 'further refreshes', '20 late refusals: further refreshes'],
  [/^late/, 'failed', '20 late refusals: failed requests'],
  [/^tokens of 300/, 'refreshes', 'tokens of 300 s for an hour: refreshes'],
  [
    /^steady/,
    'slowest against p50',
    'steady traffic across an expiry: the slowest request against the median',
  ],
  [/^identity/, 'failed of 230', 'identity provider down, token good: failed of 230'],
  [/^memory/, 'bytes', 'bytes for each of 1,000,000 waiters'],
  [/^size/, 'size', 'kB that a browser loads, minified and brotli'],
]

const [labelWidth, barWidth, rowHeight, titleHeight, columnWidth] = [300, 190, 17, 30, 570]

interface Panel {
  readonly height: number
  at(left: number, top: number): readonly string[]
}

const panelOf = (title: string, lines: readonly Line[]): Panel => {
  const most = Math.max(
    ...lines.map(({ value }) => value ?? 0),
    ...lines.map(({ limit }) => limit ?? 0),
    1e-9,
  )
  // A few that are far off must not flatten all the others.
  const sorted = lines.map(({ value }) => value ?? 0).toSorted((a, b) => a - b)
  const cap = 3 * (sorted[Math.floor(sorted.length / 2)] ?? 0)
  const scale = cap > 0 && most > 2 * cap ? cap : most
  const width = (value: number): number => Math.min(1, value / scale) * barWidth
  const limit = lines.find((one) => one.limit !== undefined)?.limit
  return {
    height: titleHeight + lines.length * rowHeight + 18,
    at(left, top) {
      const content = [text(left, top + 14, title, { 'font-weight': 600, 'font-size': 13 })]
      if (limit) {
        const x = left + labelWidth + width(limit)
        content.push(
          line(x, top + titleHeight - 2, x, top + titleHeight + lines.length * rowHeight, {
            stroke: colours.limit,
            'stroke-dasharray': '3 3',
          }),
        )
      }
      for (const [index, one] of lines.entries()) {
        const { subject, role, value, unit } = one
        const y = top + titleHeight + index * rowHeight
        const isMissed = holds(one) === false
        content.push(
          text(left + labelWidth - 8, y + 11, subject, {
            'text-anchor': 'end',
            'font-size': 11,
            'font-weight': role === 'ours' ? 700 : undefined,
          }),
          rect(left + labelWidth, y + 2, Math.max(1, width(value ?? 0)), rowHeight - 5, {
            fill: value === undefined ? 'none' : colours[role],
          }),
          text(
            left + labelWidth + width(value ?? 0) + 6,
            y + 11,
            value === undefined
              ? 'failed requests'
              : `${figure(value, unit)}${value > scale ? ' →' : ''}${isMissed ? ' (bar missed)' : ''}`,
            {
              'font-size': 11,
              fill: isMissed ? colours.bar : undefined,
              // Over the dashed line, and readable there.
              stroke: '#ffffff',
              'stroke-width': 3,
              'paint-order': 'stroke',
            },
          ),
        )
      }
      return content
    },
  }
}

/** The whole bench in one picture, two columns of panels; the dashed line is what physics allows. */
export const picture = (all: readonly Line[], when: string): string => {
  const panels = drawn.flatMap(([work, measure, title]) => {
    const lines = all.filter((one) => work.test(one.work) && one.measure === measure)
    return lines.length > 0 ? [panelOf(title, lines)] : []
  })
  const heights = [70, 70]
  const content = [
    text(24, 32, `Unexpired and what people use instead, on the same work, ${when}`, {
      'font-size': 17,
      'font-weight': 700,
    }),
    text(
      24,
      52,
      'Shorter is better. Green is ours, grey a peer, dark the limit; the dashed line is what physics allows.',
    ),
  ]
  for (const panel of panels) {
    const column = (heights[0] as number) <= (heights[1] as number) ? 0 : 1
    const top = heights[column] as number
    content.push(...panel.at(24 + column * columnWidth, top))
    heights[column] = top + panel.height
  }
  return svg(
    2 * columnWidth + 100,
    Math.max(...heights) + 10,
    'Unexpired and its peers on the same work',
    content,
  )
}
