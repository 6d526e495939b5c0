import { fileURLToPath } from 'node:url'
import { rolldown, type Plugin } from 'rolldown'

/** Another version of the library: what is different in its sources, by file. */
export type OtherVersion = Readonly<Record<string, readonly (readonly [string, string])[]>>

const patched = (version: OtherVersion): Plugin => {
  const left = new Set(Object.keys(version))
  return {
    name: 'other-version',
    transform(code, id) {
      const file = Object.keys(version).find((end) => id.endsWith(end))
      if (!file) return undefined
      left.delete(file)
      return (version[file] ?? []).reduce((text, [find, replacement]) => {
        if (!text.includes(find)) throw new Error(`${file} has no ${find} to replace`)
        return text.replace(find, replacement)
      }, code)
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
  const { output } = await build.generate({ format: 'esm', codeSplitting: false })
  await build.close()
  return output[0].code
}
