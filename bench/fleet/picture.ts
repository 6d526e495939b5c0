import { colours, line, polyline, svg, text } from '../src/report/svg.ts'
import type { Fleet, Outcome } from './simulate.ts'

interface Curve {
  readonly name: string
  readonly free: Outcome
  readonly limited: Outcome
}

const inks = [colours.bar, colours.second, colours.ours, colours.third]
const [left, width, panel, gap] = [70, 760, 210, 70]
/** Seconds that one point of a curve stands for. */
const step = 30
const from = 2_700

const smoothed = ({ perSecond }: Outcome): readonly number[] =>
  Array.from({ length: Math.floor((perSecond.length - from) / step) }, (_, at) => {
    const start = from + at * step
    return perSecond.subarray(start, start + step).reduce((sum, calls) => sum + calls, 0) / step
  })

const niceTop = (value: number): number => {
  const unit = 10 ** Math.floor(Math.log10(value))
  return Math.ceil(value / unit) * unit
}

/** Refresh calls a second over time: what a fleet asks for, and what it asks for where there is a quota. */
export const picture = (fleet: Fleet, curves: readonly Curve[]): string => {
  const content: string[] = []
  const draw = (
    top: number,
    title: string,
    of: 'free' | 'limited',
    quota: number | undefined,
  ): void => {
    const series = curves.map((curve) => smoothed(curve[of]))
    const most = niceTop(Math.max(...series.flat()))
    const points = series[0]?.length ?? 1
    const y = (value: number): number => top + panel - (value / most) * panel
    const x = (at: number): number => left + (at / (points - 1)) * width
    content.push(text(left, top - 12, title, { 'font-weight': 600, 'font-size': 13 }))
    for (let part = 0; part <= 4; part++) {
      const value = (most / 4) * part
      content.push(
        line(left, y(value), left + width, y(value), { stroke: colours.grid }),
        text(left - 8, y(value) + 4, Math.round(value).toLocaleString('en'), {
          'text-anchor': 'end',
        }),
      )
    }
    for (let minute = Math.ceil(from / 900) * 15; minute * 60 < fleet.until; minute += 15) {
      const at = (minute * 60 - from) / step
      content.push(text(x(at), top + panel + 18, `${minute} min`, { 'text-anchor': 'middle' }))
    }
    for (const [at, values] of series.entries()) {
      const ink = inks[at % inks.length] as string
      content.push(
        polyline(
          values.map((value, index) => [x(index), y(value)]),
          { stroke: ink, 'stroke-width': at ? 2 : 5, 'stroke-linejoin': 'round' },
        ),
      )
    }
    if (quota !== undefined) {
      content.push(
        line(left, y(quota), left + width, y(quota), {
          stroke: colours.limit,
          'stroke-dasharray': '5 4',
        }),
        text(left + width - 4, y(quota) - 5, `quota ${quota}/s`, { 'text-anchor': 'end' }),
      )
    }
  }
  const millions = fleet.sessions.toLocaleString('en')
  const title = `Refresh calls a second: ${millions} sessions that signed in within ${fleet.signInWithin / 60} minutes`
  content.push(text(left, 28, title, { 'font-size': 16, 'font-weight': 700 }))
  for (const [at, { name }] of curves.entries()) {
    const start = left + at * 195
    content.push(
      line(start, 50, start + 22, 50, { stroke: inks[at % inks.length], 'stroke-width': 3 }),
      text(start + 28, 54, name),
    )
  }
  draw(100, 'What they ask for when everything is granted', 'free', undefined)
  draw(
    100 + panel + gap,
    `What they ask for when ${fleet.quota} a second are granted, refused calls included`,
    'limited',
    fleet.quota,
  )
  content.push(
    text(left + width / 2, 100 + 2 * panel + gap + 40, 'minutes since the first sign-in', {
      'text-anchor': 'middle',
    }),
  )
  return svg(left + width + 40, 100 + 2 * panel + gap + 60, title, content)
}
