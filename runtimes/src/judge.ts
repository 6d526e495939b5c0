import type { Difference } from './differences.ts'
import type { Told } from './inside/told.ts'

/** What a runtime was asked to do, and what it did. */
export interface Run {
  /** As `Deno 2.9.6`. */
  readonly runtime: string
  readonly adapter: string
  readonly told: readonly Told[]
  /** How its process ended: `undefined` for well, or as `ended with the code 1`. */
  readonly trouble: string | undefined
}

/** What came of one case. `differs`: it failed as the list of differences says. */
export interface Verdict {
  readonly name: string
  readonly status: 'passed' | 'failed' | 'differs'
  readonly ms: number
  /** Why it failed, or differs. */
  readonly message?: string
}

type Result = Extract<Told, { readonly ms: number }>

const failed = (name: string, message: string): Verdict => ({
  name,
  status: 'failed',
  ms: 0,
  message,
})

const compared = ({ name, ms, failure }: Result, listed: Difference | undefined): Verdict => {
  if (failure === undefined) {
    if (!listed) return { name, status: 'passed', ms }
    return failed(name, 'It passes: take it off the list of differences.')
  }
  if (!listed) return { name, status: 'failed', ms, message: failure }
  if (failure.includes(listed.says)) return { name, status: 'differs', ms, message: listed.reason }
  return failed(name, `It fails, but not as listed:\n${failure}`)
}

/**
 * Judges every case that a runtime was to run. What never ran, what was never caught and a difference
 * that is none are failures like any other.
 */
export const judge = (
  { runtime, adapter, told, trouble }: Run,
  differences: readonly Difference[],
): readonly Verdict[] => {
  const names = told.flatMap((line) => ('registered' in line ? line.registered : []))
  const results = new Map(
    told.flatMap((line) => ('ms' in line ? [[line.name, line] as const] : [])),
  )
  const listed = new Map(
    differences
      .filter((each) => runtime.startsWith(`${each.runtime} `) && each.adapter === adapter)
      .map((each) => [each.name, each]),
  )

  const verdicts = names.map((name) => {
    const result = results.get(name)
    return result ? compared(result, listed.get(name)) : failed(name, 'It never ran.')
  })
  const check = (name: string, message: string | undefined): void => {
    if (message !== undefined) verdicts.push(failed(name, message))
  }

  const [found] = told.flatMap((line) => ('runtime' in line ? [line.runtime] : []))
  check('runs where it should', found === runtime ? undefined : `It ran on ${found ?? 'nothing'}.`)
  check('there are cases', names.length > 0 ? undefined : 'None was registered.')
  check(
    'no two cases have one name',
    new Set(names).size === names.length ? undefined : 'One would hide the other.',
  )
  for (const line of told) if ('uncaught' in line) check('every error is caught', line.uncaught)
  check('the process ends well', trouble)
  check(
    'it comes to its end',
    told.some((line) => 'finished' in line) ? undefined : 'It broke off before.',
  )
  for (const name of listed.keys())
    if (!names.includes(name))
      check(name, 'It is listed as a difference, and there is no such case.')
  return verdicts
}
