import { readFileSync } from 'node:fs'

/** One change that Stryker has made to core. */
export interface Mutant {
  readonly file: string
  /** The line that it is in, without what stands around it. */
  readonly line: string
  readonly lineNumber: number
  /** What it puts in the place of a part of that line, on one line. */
  readonly replacement: string
  readonly isFound: boolean
}

interface Report {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: string
        readonly mutants: readonly {
          readonly status: string
          readonly replacement?: string
          readonly location: { readonly start: { readonly line: number } }
        }[]
      }
    >
  >
}

/** Found by a test that fails, or by one that does not end. */
const found = ['Killed', 'Timeout']
/** Neither found nor missed: it does not even run, or was left out by name. */
const uncounted = ['CompileError', 'RuntimeError', 'Ignored', 'Pending']

/** Reads a report of Stryker's: every mutant that counts. */
export const mutantsOf = (path: string): readonly Mutant[] => {
  const { files } = JSON.parse(readFileSync(path, 'utf8')) as Report
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => !uncounted.includes(status))
      .map(({ status, replacement = '', location }) => ({
        file: file.replace('src/', ''),
        line: source.split('\n')[location.start.line - 1]?.trim() ?? '',
        lineNumber: location.start.line,
        replacement: replacement.replace(/\s+/g, ' '),
        isFound: found.includes(status),
      })),
  )
}
