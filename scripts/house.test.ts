import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { workspaceFolders } from './workspace.ts'

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly sideEffects?: boolean
  readonly scripts?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly publishConfig?: { readonly exports?: unknown; readonly access?: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const root = join(import.meta.dirname, '..')
const text = (path: string): string => readFileSync(join(root, path), 'utf8')
const json = (path: string): unknown => JSON.parse(text(path))
const manifest = (folder: string): Manifest => json(`${folder}/package.json`) as Manifest
const folders = workspaceFolders(root)
const published = folders.filter((folder) => manifest(folder).private !== true)

/** Never part of what an app ships, so nobody counts their bytes. */
const withoutBudget = ['testing', 'cognito-emulator']

test('the house has rooms', () => {
  expect(published).toContain('packages/core')
})

describe.each(folders)('%s', (folder) => {
  test('each of its TypeScript projects is built and checked from the root', () => {
    const { references } = json('tsconfig.json') as { references: { path: string }[] }
    const named = references.map(({ path }) => path.replace(/\/tsconfig\.json$/, ''))
    const projects = globSync(`${folder}/tsconfig*.json`, { cwd: root }).map((path) =>
      path.replace(/\/tsconfig\.json$/, ''),
    )
    expect(projects).not.toEqual([])
    expect(named).toEqual(expect.arrayContaining(projects))
  })

  test('every other version of a client that it installs is tested against', () => {
    const tests = globSync(`${folder}/{*.config.ts,src/**/*.test.ts,test/**/*.ts}`, { cwd: root })
    const code = tests.map(text).join('\n')
    const versions = Object.entries(manifest(folder).devDependencies ?? {})
      .filter(([, version]) => version.startsWith('npm:'))
      .map(([name]) => name)
    expect(versions.filter((name) => !code.includes(`'${name}'`))).toEqual([])
  })

  test('its browser tests are run', () => {
    const tests = globSync(`${folder}/{src,test}/**/*.browser.test.ts`, { cwd: root })
    const run = manifest(folder).scripts?.['test:browser'] !== undefined
    expect(run).toBe(tests.length > 0)
  })
})

describe.each(published)('%s, published', (folder) => {
  const { scripts = {}, exports = {}, publishConfig, sideEffects, dependencies } = manifest(folder)

  test('passes the gates that all packages pass', () => {
    expect(scripts).toMatchObject({
      test: expect.stringMatching(/^vitest run( --coverage)?$/),
      publint: 'publint --strict --pack pnpm',
      attw: 'attw --pack . --profile esm-only',
      api: 'node ../../scripts/api.ts',
    })
  })

  test('is published as it is developed, without the way to its sources', () => {
    const withoutSources = Object.entries(exports).map(([entry, conditions]) => [
      entry,
      Object.fromEntries(
        Object.entries(conditions).filter(([condition]) => condition !== '@unexpired/source'),
      ),
    ])
    expect(publishConfig?.exports).toEqual(Object.fromEntries(withoutSources))
    expect(publishConfig?.access).toBe('public')
    expect(sideEffects).toBe(false)
  })

  test('has one API report for each entry point, and no other', () => {
    const expected = Object.keys(exports).map(
      (entry) => `${[basename(folder), ...entry.split('/').slice(1)].join('-')}.api.md`,
    )
    const reports = globSync(`${folder}/etc/*.api.md`, { cwd: root }).map((path) => basename(path))
    expect(reports.toSorted()).toEqual(expected.toSorted())
  })

  test('has a size budget, if apps ship it', () => {
    const name = basename(folder)
    const own = existsSync(join(root, folder, '.size-limit.json')) && scripts.size === 'size-limit'
    const together = text('scripts/together.ts').includes(`/${name}/dist/index.js'`)
    expect(own || together).toBe(!withoutBudget.includes(name))
  })

  test('stands on core and fetch alone, of this house', () => {
    const ours = Object.keys(dependencies ?? {}).filter((name) => name.startsWith('@unexpired/'))
    const allowed = ['@unexpired/core', '@unexpired/fetch']
    expect(ours.filter((name) => !allowed.includes(name))).toEqual([])
  })
})
