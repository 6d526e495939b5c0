/** As much of SVG as the pictures here need. Coordinates are rounded, so that a result can be compared with another. */

const round = (value: number): string => String(Math.round(value * 10) / 10)

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

type Attributes = Readonly<Record<string, string | number | undefined>>

const written = (attributes: Attributes): string =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? round(value) : value}"`)
    .join('')

/** The colours of the pictures, on white and readable by those who see few colours. */
export const colours = {
  ours: '#0b6e4f',
  peer: '#9aa5b1',
  limit: '#2f3e4e',
  bar: '#c1121f',
  second: '#e09f3e',
  third: '#3a6ea5',
  grid: '#e6e9ec',
} as const

export const text = (x: number, y: number, words: string, attributes: Attributes = {}): string =>
  `<text${written({ x, y, ...attributes })}>${escape(words)}</text>`

export const rect = (
  x: number,
  y: number,
  width: number,
  height: number,
  attributes: Attributes,
): string => `<rect${written({ x, y, width: Math.max(0, width), height, ...attributes })}/>`

export const line = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  attributes: Attributes,
): string => `<line${written({ x1, y1, x2, y2, ...attributes })}/>`

/** A line through points. */
export const polyline = (
  points: readonly (readonly [x: number, y: number])[],
  attributes: Attributes,
): string =>
  `<polyline${written({ points: points.map(([x, y]) => `${round(x)},${round(y)}`).join(' '), fill: 'none', ...attributes })}/>`

/** The whole picture, with a title for those who hear it read. */
export const svg = (
  width: number,
  height: number,
  title: string,
  content: readonly string[],
): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="img" aria-label="${escape(title)}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2933">
<title>${escape(title)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${content.join('\n')}
</svg>
`
