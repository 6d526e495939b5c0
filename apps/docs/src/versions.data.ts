import { globSync, readFileSync } from 'node:fs'

/** With which versions of a client, framework or SDK one of our packages works. */
export interface Versions {
  readonly name: string
  readonly peer: string
  /** The range in `peerDependencies`. */
  readonly supported: string
  /** Those that the tests run with. */
  readonly tested: string
}

interface Manifest {
  readonly name: string
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const packages = new URL('../../../packages/', import.meta.url)

const newestFirst = (a: string, b: string): number => b.localeCompare(a, 'en', { numeric: true })

const versionsOf = ({ name, peerDependencies = {}, devDependencies = {} }: Manifest): Versions[] =>
  Object.entries(peerDependencies)
    .filter(([peer]) => !peer.startsWith('@unexpired/'))
    .map(([peer, supported]) => {
      const tested = Object.entries(devDependencies).flatMap(([alias, version]) => {
        if (alias === peer) return [version]
        return version.startsWith(`npm:${peer}@`) ? [version.slice(`npm:${peer}@`.length)] : []
      })
      return { name, peer, supported, tested: tested.toSorted(newestFirst).join(', ') }
    })

/** What pages get: VitePress puts the value of `load` here. */
export declare const data: readonly Versions[]

export default {
  watch: ['../../../packages/*/package.json'],
  load: (): readonly Versions[] =>
    globSync('*/package.json', { cwd: packages })
      .toSorted()
      .flatMap((path) =>
        versionsOf(JSON.parse(readFileSync(new URL(path, packages), 'utf8')) as Manifest),
      ),
}
