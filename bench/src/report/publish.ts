import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Line } from '../line.ts'
import { picture } from './picture.ts'
import { details, summary } from './table.ts'

/** What was measured last, row by row: a run of some rows leaves the others as they were. */
export interface Results {
  readonly node: string
  readonly rows: Readonly<
    Record<string, { readonly when: string; readonly lines: readonly Line[] }>
  >
}

const [begin, end] = ['<!-- the last table -->', '<!-- end of the table -->']

/** Writes what people look at: the picture, everybody's figures, and our own table in the README. */
export const publish = (folder: string, { rows }: Results): void => {
  const all = Object.values(rows).flatMap(({ lines }) => lines)
  const dates = Object.values(rows)
    .map(({ when }) => when)
    .toSorted()
  const when = dates.at(-1) ?? ''
  writeFileSync(join(folder, 'results.svg'), picture(all, when))
  writeFileSync(
    join(folder, 'results.md'),
    `# Everybody's figures\n\nWritten by \`pnpm bench\`. What the columns mean is said in [README.md](README.md).\n\n${details(all)}\n`,
  )
  const file = join(folder, 'README.md')
  const readme = readFileSync(file, 'utf8')
  const [before = '', rest = ''] = readme.split(begin)
  const [, after = ''] = rest.split(end)
  writeFileSync(file, `${before}${begin}\n\nMeasured ${when}.\n\n${summary(all)}\n\n${end}${after}`)
}
