import { fileURLToPath } from 'node:url'
import { rolldown, type Plugin } from 'rolldown'

/** Other versions of the library: what changes in its sources, by file. */
export type OtherVersion = Readonly<Record<string, readonly [find: string, replacement: string]>>

const patched = (version: OtherVersion): Plugin => {
  const left = new Set(Object.keys(version))
  return {
    name: 'other-version',
    transform(code, id) {
      for (const [file, [find, replacement]] of Object.entries(version)) {
        if (!id.endsWith(file)) continue
        if (!code.includes(find)) throw new Error(`${file} has no ${find} to replace`)
        left.delete(file)
        return code.replace(find, replacement)
      }
      return undefined
    },
    buildEnd() {
      if (left.size) throw new Error(`Not in this bundle: ${[...left].join(', ')}`)
    },
  }
}

/** One script of a page, with a copy of everything that it needs. */
export const bundle = async (name: string, version: OtherVersion = {}): Promise<string> => {
  const build = await rolldown({
    input: fileURLToPath(new URL(name, import.meta.url)),
    platform: 'browser',
    resolve: { conditionNames: ['@unexpired/source', 'browser', 'import', 'default'] },
    plugins: [patched(version)],
    logLevel: 'silent',
  })
  const { output } = await build.generate({ format: 'esm' })
  await build.close()
  return output[0].code
}
