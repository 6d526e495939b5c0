import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const text = (path: string): string => readFileSync(join(root, path), 'utf8')

const { optionalDependencies } = JSON.parse(text('runtimes/package.json')) as {
  optionalDependencies: Record<string, string>
}

/** The versions of a runtime on one architecture. */
const versions = (start: string, end: string): string =>
  Object.entries(optionalDependencies)
    .filter(([name]) => name.startsWith(start) && name.endsWith(end))
    .map(([, version]) => version.replace(/.*@/, ''))
    .join(', ')

const on = (node: string, deno: string, bun: string): string[][] => [
  ['Node', versions('node-', node)],
  ['Deno', versions('@deno/', deno)],
  ['Bun', versions('@oven/bun-', bun)],
]

const adapters = globSync('*.ts', { cwd: join(root, 'runtimes/src/contracts') })

test('both architectures run the same versions', () => {
  expect(on('-linux-arm64', 'linux-arm64-glibc', 'linux-aarch64')).toEqual(
    on('-linux-x64', 'linux-x64-glibc', 'linux-x64'),
  )
})

test.each(adapters)('%s: the README names the runtimes that the contract runs on', (file) => {
  const rows = text(`packages/${basename(file, '.ts')}/README.md`)
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const named = rows
    .filter(([, runtime = '']) => ['Node', 'Deno', 'Bun'].includes(runtime))
    .map(([, ...cells]) => cells.slice(0, 2))
  expect(named).toEqual(on('-linux-x64', 'linux-x64-glibc', 'linux-x64'))
})
