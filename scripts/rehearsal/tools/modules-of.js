// Bundles an entry, and prints which modules came along and what is left to be imported.
import { build } from 'vite'

const [entry, ...external] = process.argv.slice(2)

const [{ output }] = await build({
  configFile: false,
  logLevel: 'error',
  build: { write: false, lib: { entry, formats: ['es'] }, rolldownOptions: { external } },
})

const chunks = output.map(({ fileName }) => fileName)
console.log(
  JSON.stringify({
    modules: output.flatMap(({ modules }) =>
      Object.entries(modules)
        .filter(([id, { renderedLength }]) => !id.endsWith(entry) && renderedLength > 0)
        .map(([id]) => id),
    ),
    imports: output
      .flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
      .filter((name) => !chunks.includes(name)),
  }),
)
