import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** What changed in a package, as changesets wrote it down. */
export interface Changelog {
  /** The name without its scope. */
  readonly name: string
  /** The newest version. */
  readonly version: string
  /** Markdown. */
  readonly content: string
}

const packages = new URL('../../../packages/', import.meta.url)

/** The changelog of every package that has been versioned. */
export const changelogs = (): Changelog[] =>
  globSync('*/CHANGELOG.md', { cwd: packages })
    .toSorted()
    .map((path) => {
      const content = readFileSync(new URL(path, packages), 'utf8')
      return { name: dirname(path), version: /^## (.+)$/m.exec(content)?.[1] ?? '', content }
    })
