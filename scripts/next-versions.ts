/**
 * Builds the Next.js example with each major version that is supported, and has each server pass the
 * server tests. Each is installed outside of this repository. Names of versions as arguments run those alone.
 */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const example = join(root, 'examples/next-amplify')

/** The last of each major version, with the React that belongs to it. */
const versions: Readonly<
  Record<string, { next: string; react: string; types: string; typesDom: string }>
> = {
  '14': { next: '14.2.35', react: '18.3.1', types: '18.3.31', typesDom: '18.3.7' },
  '15': { next: '15.5.29', react: '19.3.1', types: '19.3.0', typesDom: '19.3.0' },
  '16': { next: '16.4.6', react: '19.3.1', types: '19.3.0', typesDom: '19.3.0' },
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')))
}

function passes(name: string): boolean {
  const version = versions[name]
  if (version === undefined)
    throw new Error(`Known are ${Object.keys(versions).join(', ')}; got ${name}`)
  const app = mkdtempSync(join(tmpdir(), `unexpired-next-${name}-`))
  const run = (command: string, ...args: string[]): boolean => {
    const { status } = spawnSync(command, args, {
      cwd: app,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', APP_FOLDER: app },
    })
    return status === 0
  }
  try {
    const left = /node_modules|\.next|pnpm-lock\.yaml|pictures|e2e/
    cpSync(example, app, {
      recursive: true,
      filter: (path) => !left.test(path.slice(example.length)),
    })
    edit(join(app, 'pnpm-workspace.yaml'), (text) =>
      text.replaceAll('file:../../packages', `file:${root}/packages`),
    )
    edit(join(app, 'package.json'), (text) => {
      const manifest = JSON.parse(text) as { dependencies: object; devDependencies: object }
      Object.assign(manifest.dependencies, {
        next: version.next,
        react: version.react,
        'react-dom': version.react,
      })
      Object.assign(manifest.devDependencies, {
        '@types/react': version.types,
        '@types/react-dom': version.typesDom,
      })
      return JSON.stringify(manifest)
    })
    if (Number.parseInt(name, 10) < 16) {
      renameSync(join(app, 'proxy.ts'), join(app, 'middleware.ts'))
      edit(join(app, 'middleware.ts'), (text) =>
        text.replace('const proxy =', 'const middleware ='),
      )
      // The types of a page's props are those of the newest.
      edit(join(app, 'next.config.mjs'), (text) =>
        text.replace('devIndicators: false', 'typescript: { ignoreBuildErrors: true }'),
      )
    }
    if (!run('pnpm', 'install', '--no-frozen-lockfile', '--prefer-offline')) return false
    for (const link of globSync('node_modules/@unexpired/*', { cwd: app })) {
      const copy = join(realpathSync(join(app, link)), 'dist')
      rmSync(copy, { recursive: true, force: true })
      cpSync(join(root, 'packages', basename(link), 'dist'), copy, { recursive: true })
    }
    return (
      run(process.execPath, 'node_modules/next/dist/bin/next', 'build') &&
      run('vitest', 'run', '--config', join(example, 'e2e/vitest.server.config.ts'))
    )
  } finally {
    rmSync(app, { recursive: true, force: true })
  }
}

const build = spawnSync('tsc', ['-b', ...globSync('packages/*/tsconfig.json', { cwd: root })], {
  cwd: root,
  stdio: 'inherit',
})
if (build.status !== 0) process.exit(1)
const asked = process.argv.slice(2)
const results = (asked.length ? asked : Object.keys(versions)).map((name) => ({
  name,
  ok: passes(name),
}))
console.log('\n| Next.js | React | builds, and passes the server tests |\n| --- | --- | --- |')
for (const { name, ok } of results) {
  console.log(`| ${versions[name]?.next} | ${versions[name]?.react} | ${ok ? 'yes' : '**no**'} |`)
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1
