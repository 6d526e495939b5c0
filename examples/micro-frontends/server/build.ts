import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/**
 * Builds one bundle, with a copy of everything that it imports. Each micro-frontend is built like
 * this on its own; nothing is shared between builds, as when different teams deploy them.
 */
export const build = async (name: string): Promise<string> => {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url)),
    // The shell loads the others from the server, at run time.
    external: /^\//,
    platform: 'browser',
    // The first is how packages of this repository find each other's sources; yours need none.
    resolve: { conditionNames: ['@unexpired/source', 'browser', 'import', 'default'] },
    logLevel: 'silent',
  })
  const { output } = await bundle.generate({ format: 'esm' })
  await bundle.close()
  return output[0].code
}
