/** Releases what is committed, and then a patch and two minors of it, with the commands that CI releases with. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'

import { emulatorApp } from './backend.ts'
import { emptyApp } from './fresh-app.ts'
import { published } from './registry.ts'
import {
  change,
  commit,
  copy,
  expectLoopback,
  isPending,
  makeCopy,
  publish,
  versions,
  type Bumps,
} from './release-copy.ts'
import { ran, run } from './run.ts'

const { url, npmrc } = inject('registry')

interface Shelf {
  readonly latest: string | undefined
  readonly versions: readonly string[]
}

/** What can be had of each package. */
async function shelf(): Promise<Record<string, Shelf>> {
  const entries = Object.keys(versions()).map(async (name) => {
    const { 'dist-tags': tags, versions: all } = await published(url, name)
    return [name, { latest: tags['latest'], versions: Object.keys(all) }] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

function next(version: string, bump: 'patch' | 'minor'): string {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return bump === 'patch' ? `${major}.${minor}.${patch + 1}` : `${major}.${minor + 1}.0`
}

/** Releases a change, and expects new versions of exactly the packages that are named. */
async function release(mark: string, changed: Bumps, dependents: readonly string[]): Promise<void> {
  const [before, stock] = [versions(), await shelf()]
  const bumps: Bumps = {
    ...changed,
    ...Object.fromEntries(dependents.map((name) => [name, 'patch'])),
  }
  const bumped = Object.entries(bumps).map(([name, bump]) => [name, next(before[name] ?? '', bump)])
  const expected = { ...before, ...Object.fromEntries(bumped) }

  change(mark, changed)
  await commit(`Export ${mark}`)
  await run(copy, 'pnpm', 'release:version')
  expect(versions()).toEqual(expected)
  await commit('Release')
  await publish()
  const isNew = (name: string): boolean => bumps[name] !== undefined
  expect(await shelf()).toEqual(
    Object.fromEntries(
      Object.entries(stock).map(([name, { versions: old }]) => [
        name,
        {
          latest: expected[name],
          versions: isNew(name) ? [...old, expected[name]] : old,
        },
      ]),
    ),
  )
}

test('a copy of what is committed goes to the registry on loopback and nowhere else', async () => {
  await makeCopy(npmrc)
  await expectLoopback()
})

test('all packages are published as they are versioned', async () => {
  if (isPending()) await run(copy, 'pnpm', 'release:version')
  expect(isPending()).toBe(false)
  await commit('Release')
  await publish()
  const all = Object.entries(versions())
  expect(await shelf()).toEqual(
    Object.fromEntries(
      all.map(([name, version]) => [name, { latest: version, versions: [version] }]),
    ),
  )
})

test('a published version is refused a second time, and stays what it is', async () => {
  const version = versions()['@unexpired/core'] ?? ''
  const before = (await published(url, '@unexpired/core')).versions[version]?.dist
  // What is the same to the last byte, pnpm may take for published already.
  appendFileSync(join(copy, 'packages/core/README.md'), 'Something else.\n')
  await expectLoopback()
  const byPnpm = await ran(join(copy, 'packages/core'), 'pnpm', 'publish', '--no-git-checks')
  expect(byPnpm.status).not.toBe(0)
  expect(byPnpm.stdout + byPnpm.stderr).toMatch(/already present|cannot publish over|DIFFERS/)
  await run(copy, 'git', 'checkout', 'packages/core/README.md')

  const outside = emptyApp('second-publish', { name: '@unexpired/core', version })
  const byNpm = await ran(outside, 'npm', 'publish', '--registry', `${url}/`)
  expect(byNpm.status).not.toBe(0)
  expect(byNpm.stdout + byNpm.stderr).toMatch(/cannot publish over|already present/)

  expect(await publish()).toContain('No unpublished projects to publish')
  expect((await published(url, '@unexpired/core')).versions[version]?.dist).toEqual(before)
})

// As long as versions begin with 0, a minor is out of the range of those who stand on it; from 1.0 on
// it is within, and the second list is empty.
test('a patch and a minor: they and what stands on the minor get new versions', () =>
  release('rehearsedFetch', { '@unexpired/axios': 'patch', '@unexpired/fetch': 'minor' }, [
    '@unexpired/graphql',
    '@unexpired/ky',
    '@unexpired/ofetch',
  ]))

test('a minor of core: all but the emulator stand on it', () =>
  release('rehearsedCore', { '@unexpired/core': 'minor' }, [
    '@unexpired/amplify',
    '@unexpired/axios',
    '@unexpired/browser',
    '@unexpired/fetch',
    '@unexpired/graphql',
    '@unexpired/ky',
    '@unexpired/ofetch',
    '@unexpired/react',
    '@unexpired/testing',
  ]))

test('the emulator runs as a command, and serves all apps that follow', async () => {
  emptyApp('emulator', { dependencies: { '@unexpired/cognito-emulator': 'latest' } })
  await run(emulatorApp, 'pnpm', 'install', '--no-frozen-lockfile')
  const command = join(emulatorApp, 'node_modules/.bin/cognito-emulator')
  expect(await run(emulatorApp, command, '--help')).toContain('--access-token-seconds')
})
