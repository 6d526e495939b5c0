import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/**
 * Builds a micro-frontend, with a copy of everything that it imports: its files by name, of which
 * `index.js` comes first. Each is built on its own, as when different teams deploy them.
 */
export const build = async (name: string): Promise<ReadonlyMap<string, string>> => {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url)),
    platform: 'browser',
    // The first is how packages of this repository find each other's sources; yours need none.
    resolve: { conditionNames: ['@unexpired/source', 'browser', 'import', 'default'] },
    logLevel: 'silent',
  })
  const { output } = await bundle.generate({ format: 'esm', entryFileNames: 'index.js' })
  await bundle.close()
  return new Map(
    output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code] as const] : [])),
  )
}
