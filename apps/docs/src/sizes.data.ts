import { brotliCompressSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'

/** How large an import is. */
export interface Size {
  readonly name: string
  readonly kB: string
  readonly onHome: boolean
}

const docs = new URL('..', import.meta.url).pathname

const together = ['core', 'axios', 'amplify', 'browser']

const imports: readonly { name: string; code: string; onHome?: boolean; inside?: RegExp }[] = [
  { name: '@unexpired/core', code: `export * from '@unexpired/core'`, onHome: true },
  ...['axios', 'fetch', 'ky', 'ofetch', 'graphql', 'graphql/ws', 'browser', 'react'].map(
    (name) => ({
      name: `@unexpired/${name}`,
      code: `export * from '@unexpired/${name}'`,
      onHome: name === 'axios' || name === 'fetch',
    }),
  ),
  {
    name: '@unexpired/amplify',
    code: `export { amplifyTokens, amplifyTokenProvider } from '@unexpired/amplify'`,
    onHome: true,
  },
  {
    name: 'core, axios, amplify and browser together',
    code: `export * from '@unexpired/core'
export { withAuth } from '@unexpired/axios'
export { amplifyTokens, amplifyTokenProvider } from '@unexpired/amplify'
export * from '@unexpired/browser'`,
    inside: new RegExp(`^@unexpired/(${together.join('|')})$`),
    onHome: true,
  },
]

const measure = async ({
  name,
  code,
  onHome = false,
  inside = new RegExp(`^${name}$`),
}: (typeof imports)[number]): Promise<Size> => {
  const entry = '\0measured'
  const built = await build({
    root: docs,
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: ['@unexpired/source', 'module', 'browser', 'production'] },
    plugins: [
      {
        name: 'measured',
        enforce: 'pre',
        resolveId: (id: string) => (id === entry ? entry : undefined),
        load: (id: string) => (id === entry ? code : undefined),
        // What is loaded later, if ever, does not count.
        resolveDynamicImport: (id) => ({ id: String(id), external: true }),
      },
    ],
    build: {
      write: false,
      minify: true,
      // Else Vite puts a helper of its own before what is loaded later.
      lib: { entry, formats: ['es'] },
      target: 'es2022',
      rolldownOptions: {
        input: entry,
        preserveEntrySignatures: 'strict',
        // Bare imports are peers or packages with a line of their own, unless they are measured here.
        external: (id: string) => id !== entry && /^[@\w]/.test(id) && !inside.test(id),
        output: { format: 'es', minify: true },
      },
    },
  })
  const [{ output }] = built as [Rolldown.RolldownOutput]
  const main = output.find((chunk) => chunk.type === 'chunk' && chunk.isEntry)
  const bytes = brotliCompressSync(main?.type === 'chunk' ? main.code : '').length
  return { name, kB: (bytes / 1000).toFixed(1), onHome }
}

/** What pages get: VitePress puts the value of `load` here. */
export declare const data: readonly Size[]

export default {
  watch: ['../../../packages/*/src/**/*.ts'],
  load: (): Promise<readonly Size[]> => Promise.all(imports.map(measure)),
}
