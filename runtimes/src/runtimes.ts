import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { arch, platform } from 'node:process'

/** A runtime that is installed here. */
export interface Runtime {
  /** As `Deno`. */
  readonly name: string
  readonly version: string
  /** What starts it; the file to run follows. */
  readonly command: readonly [binary: string, ...args: string[]]
}

const modules = join(import.meta.dirname, '../node_modules')

const installed = (name: string, folder: string, binary: string, ...args: string[]): Runtime => {
  const path = join(modules, folder)
  if (!existsSync(path))
    throw new Error(
      `${name} is not installed: ${folder} is for Linux on x64 and arm64, this is ${platform} on ${arch}.`,
    )
  const { version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
    version: string
  }
  // Some of the packages of Node write `v22.0.0`.
  return { name, version: version.replace(/^v/, ''), command: [join(path, binary), ...args] }
}

const node = (version: string): Runtime =>
  installed('Node', `node-${version}-${platform}-${arch}`, 'bin/node')

/** Every runtime that is supported; the first is the oldest Node that the packages promise. */
export const runtimes = (): readonly Runtime[] => [
  node('22-0'),
  node('22'),
  node('24'),
  node('26'),
  installed(
    'Deno',
    `@deno/${platform}-${arch}-glibc`,
    'deno',
    'run',
    '--allow-all',
    '--no-remote',
    '--no-lock',
    '--node-modules-dir=manual',
    '--v8-flags=--expose-gc',
  ),
  installed(
    'Bun',
    `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}`,
    'bin/bun',
    '--no-install',
    '--expose-gc',
    'run',
  ),
]
