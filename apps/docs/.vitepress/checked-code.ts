import { dirname } from 'node:path'
import { createTransformerFactory } from '@shikijs/twoslash/core'
import { createTwoslasher } from 'twoslash'
import ts from 'typescript'
import type { MarkdownOptions } from 'vitepress'

/** What snippets take for granted: the policy of the quick start, and names that are an app's own. */
const extraFiles = {
  'tokens.ts': `import { createPolicy, type TokenSource } from '@unexpired/core'
declare const source: TokenSource
export const policy = createPolicy({ source, origins: ['https://api.example.com'] })
`,
  'api.ts': `import axios from 'axios'
import { withAuth } from '@unexpired/axios'
import { policy } from './tokens.ts'
export const api = withAuth(axios.create({ baseURL: 'https://api.example.com' }), policy)
`,
  'amplify_outputs.json': '{}',
  'app.d.ts': `interface User { readonly id: string; readonly name: string }
declare function showSignIn(): void
declare function showBanner(text: string): void
`,
}

/**
 * Type-checks every `ts` and `tsx` block against the packages of this repository; a block that does
 * not compile fails the build. It shows nothing, so pages carry no script for it. A block marked
 * `no-check` is somebody else's code, as in a diff.
 */
export const checkedCode: NonNullable<MarkdownOptions['codeTransformers']>[number] =
  createTransformerFactory(
    createTwoslasher({ tsModule: ts, vfsRoot: dirname(import.meta.dirname) }),
    { nodeStaticInfo: () => ({}) },
  )({
    langs: ['ts', 'tsx'],
    explicitTrigger: false,
    disableTriggers: ['no-check'],
    twoslashOptions: {
      extraFiles,
      handbookOptions: { noStaticSemanticInfo: true },
      compilerOptions: {
        strict: true,
        noEmit: true,
        allowImportingTsExtensions: true,
        resolveJsonModule: true,
        skipLibCheck: true,
        customConditions: ['@unexpired/source'],
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        moduleDetection: ts.ModuleDetectionKind.Force,
        jsx: ts.JsxEmit.ReactJSX,
        lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
        types: [],
      },
    },
  })
