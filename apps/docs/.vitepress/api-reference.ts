/**
 * Writes the API reference out of the docstrings, one page for each entry point of a published
 * package, into `pages/reference/api`. Run before each build.
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Application } from 'typedoc'

const docs = join(import.meta.dirname, '..')
const packages = join(docs, '..', '..', 'packages')
const out = join(docs, 'pages', 'reference', 'api')

interface Manifest {
  readonly private?: boolean
  readonly exports: Readonly<Record<string, { readonly '@unexpired/source': string }>>
}

const entryPoints = globSync('*/package.json', { cwd: packages }).flatMap((file) => {
  const manifest = JSON.parse(readFileSync(join(packages, file), 'utf8')) as Manifest
  const sources = manifest.private ? [] : Object.values(manifest.exports)
  return sources.map((entry) => join(packages, file, '..', entry['@unexpired/source']))
})

const app = await Application.bootstrapWithPlugins({
  entryPoints,
  tsconfig: join(docs, '.vitepress', 'api-reference.json'),
  plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme'],
  name: 'API',
  readme: 'none',
  basePath: packages,
  disableSources: true,
  excludeInternal: true,
  skipErrorChecking: true,
  validation: false,
  logLevel: 'Warn',
  out,
  docsRoot: join(docs, 'pages'),
  outputFileStrategy: 'modules',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  hideGroupHeadings: false,
  useCodeBlocks: true,
  expandObjects: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  sanitizeComments: true,
  entryFileName: 'index',
} as Parameters<typeof Application.bootstrapWithPlugins>[0])

rmSync(out, { recursive: true, force: true })
const project = await app.convert()
if (!project) throw new Error('TypeDoc could not read the packages.')
await app.generateOutputs(project)

/** `amplify/src/next` is the entry `amplify/next`; its page is `amplify-next`. */
const entryOf = (module: string): string => module.replace('/src', '')
const pageOf = (module: string): string => entryOf(module).replaceAll('/', '-')

const pages = globSync('**/*.md', { cwd: out }).map((file) => ({
  module: file.replace(/\.md$/, ''),
  text: readFileSync(join(out, file), 'utf8'),
}))
rmSync(out, { recursive: true, force: true })
mkdirSync(out)

/** How many headings of a page end up under one name. */
const headings = (module: string, name: string): number => {
  const text = pages.find((page) => page.module === module)?.text ?? ''
  const names = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading)
  return names.filter((heading) => heading.toLowerCase().replaceAll(/[^a-z]/g, '') === name).length
}

/** TypeDoc numbers a name that it has met as a type and a value; the site numbers headings alone. */
const anchored = (from: string, link: string, name: string, number: string): string => {
  const module = link ? join(dirname(from), link.replace(/\.md$/, '')) : from
  return `](${link}#${name}${headings(module, name) > Number(number) ? `-${number}` : ''})`
}

for (const { module, text } of pages) {
  const isIndex = module === 'index'
  const title = isIndex ? 'API' : `@unexpired/${entryOf(module)}`
  const body = text
    .replace(/^# .*\n/m, `# ${title}\n`)
    .replaceAll(
      /\]\(([./\w-]*)#([a-z]+)-(\d)\)/g,
      (_, link: string, name: string, number: string) => anchored(module, link, name, number),
    )
    .replaceAll(
      /\]\(([./\w-]+)\.md/g,
      (_, to: string) => `](./${pageOf(join(dirname(module), to))}.md`,
    )
    .replaceAll(/\[([\w-]+\/src[\w/-]*)\]/g, (_, to: string) => `[@unexpired/${entryOf(to)}]`)
    // Examples in docstrings lean on what stands around them: their packages compile them.
    .replaceAll(/^```tsx?$/gm, '```ts no-check')
  const head = `---\ntitle: '${title}'\ndescription: ${isIndex ? 'Everything that the packages export' : `What ${title.replace('@', '')} exports`}.\n---\n\n`
  writeFileSync(join(out, `${pageOf(module)}.md`), head + body)
}
