import type { Catch } from './hunt.ts'

const ruleOf = (violation: string): string => /^rule ([^:]+)/.exec(violation)?.[1] ?? '–'

/** What is broken, in the words of the rule book, without what differs from run to run. */
const wordsOf = (violation: string): string =>
  violation.replace(/^rule [^:]+: (tab \d+: )?/, '').replace(/\b\d+(\.\d+)?\b/g, 'N')

/** The table of the README: each wrong core, and how many schedules it took to find it. */
export const tableOf = (catches: readonly Catch[]): string =>
  [
    '| wrong core | schedules | rule | what was seen |',
    '| --- | --: | --- | --- |',
    ...catches.map(
      ({ name, seed, violation }) =>
        `| ${name} | ${seed?.toLocaleString('en') ?? 'not found'} | ${ruleOf(violation)} | ${wordsOf(violation).slice(0, 90)} |`,
    ),
  ].join('\n')
