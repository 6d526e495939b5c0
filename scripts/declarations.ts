/** Whether declarations hold for those who check them too, as an app with `skipLibCheck: false` does. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An app that is bundled and has no Node, and a program for Node. */
const consumers = {
  web: { module: 'ESNext', moduleResolution: 'Bundler', types: [] },
  node: { module: 'NodeNext', moduleResolution: 'NodeNext', types: ['node'] },
}
export type Consumer = keyof typeof consumers

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
}

/** Made for tests that run in Node: their users have Node's types, an app may not. */
const forNode = ['@unexpired/testing', '@unexpired/cognito-emulator']

/** Every entry point that such a consumer imports. */
export function entries(kind: Consumer, manifests: readonly Manifest[]): string[] {
  return manifests
    .filter(({ name }) => kind === 'node' || !forNode.includes(name))
    .flatMap(({ name, exports }) => Object.keys(exports).map((entry) => name + entry.slice(1)))
}

export interface Compilation {
  /** The folder of the app. */
  readonly app: string
  readonly kind: Consumer
  /** The entry points that are imported. */
  readonly specifiers: readonly string[]
  /** The path of the compiler. */
  readonly tsc: string
  /** Tells it from other compilations in the same app. */
  readonly name: string
  /** Sources of the app's own, which are emitted into a folder of that name. */
  readonly files?: readonly string[]
}

/** Compiles an app that imports all of these, and gives what is said against it or against us. */
export async function complaints(compilation: Compilation): Promise<string[]> {
  const { app, kind, specifiers, tsc, name, files = [] } = compilation
  // An entry whose types were not found would be assignable to anything.
  const code = specifiers.map((specifier, index) =>
    [
      `import * as entry${index} from '${specifier}'`,
      `// @ts-expect-error`,
      `export const seen${index}: 'its types' = entry${index}`,
    ].join('\n'),
  )
  const compilerOptions = {
    ...consumers[kind],
    ...(files.length === 0 ? { noEmit: true } : { outDir: name }),
    target: 'ES2022',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
  }
  const [imports, config] = [`${name}-${kind}.ts`, `${name}-${kind}.json`]
  writeFileSync(join(app, imports), code.join('\n'))
  writeFileSync(join(app, config), JSON.stringify({ compilerOptions, files: [imports, ...files] }))
  const args = [tsc, '--pretty', 'false', '--project', config]
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, { cwd: app }, (error, stdout, stderr) => {
      // A compiler that could not run says nothing against anybody.
      if (error !== null && !stdout.includes('error TS')) reject(new Error(stdout + stderr))
      else resolve(stdout)
    })
  })
  // What the declarations of a client or of Amplify get wrong is not ours to mend.
  return output
    .split('\n')
    .filter((line) => line.includes('error TS'))
    .filter((line) => !line.includes('node_modules/') || line.includes('@unexpired/'))
}
