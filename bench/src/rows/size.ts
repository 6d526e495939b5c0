import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import type { Line, Row } from '../line.ts'

const here = join(import.meta.dirname, '../..')
const ours = (name: string): string => join(here, `../packages/${name}/dist/index.js`)

interface Shipped {
  readonly name: string
  readonly role: Line['role']
  /** What an app imports, one statement each. */
  readonly code: readonly string[]
  readonly external: readonly RegExp[]
  readonly barKb?: number
}

const axios = /^axios$/
const amplify = /^aws-amplify/

const shipped: readonly Shipped[] = [
  {
    name: 'unexpired: core',
    role: 'ours',
    code: [`export * from '${ours('core')}'`],
    external: [],
    barKb: 3,
  },
  {
    name: 'unexpired: core, axios adapter',
    role: 'ours',
    code: [
      `export { createPolicy } from '${ours('core')}'`,
      `export { withAuth } from '${ours('axios')}'`,
    ],
    external: [axios],
    barKb: 4,
  },
  {
    name: 'unexpired: core, axios, amplify, browser',
    role: 'ours',
    code: ['core', 'axios', 'amplify', 'browser'].map((name) => `export * from '${ours(name)}'`),
    external: [axios, amplify],
    barKb: 6.5,
  },
  {
    name: 'axios-auth-refresh 5.0.2',
    role: 'peer',
    code: [`export { createAuthRefresh } from 'axios-auth-refresh'`],
    external: [axios],
  },
  {
    name: 'axios-jwt 4.0.3',
    role: 'peer',
    code: [`export { applyAuthTokenInterceptor, setAuthTokens } from 'axios-jwt'`],
    external: [axios],
  },
  {
    name: '@urql/exchange-auth 3.0.0',
    role: 'peer',
    code: [`export { authExchange } from '@urql/exchange-auth'`],
    external: [/^@urql\/core$/, /^wonka$/, /^graphql$/],
  },
  {
    name: "alova 3.5.5's token authentication",
    role: 'peer',
    code: [`export { createClientTokenAuthentication } from 'alova/client'`],
    external: [/^alova$/],
  },
  {
    name: "@azure/core-rest-pipeline 1.25.1's bearer policy",
    role: 'peer',
    code: [`export { bearerTokenAuthenticationPolicy } from '@azure/core-rest-pipeline'`],
    external: [/^node:/],
  },
  {
    name: '@badgateway/oauth2-client 3.3.1',
    role: 'peer',
    code: [`export { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client'`],
    external: [/^node:/],
  },
  {
    name: "smithy's memoize 4.5.2",
    role: 'peer',
    code: [`export { memoize } from '@smithy/property-provider'`],
    external: [/^node:/],
  },
]

/** Bytes that a browser loads, minified and compressed; the client itself is not counted, for nobody. */
const sizeOf = async (code: readonly string[], external: readonly RegExp[]): Promise<number> => {
  const folder = mkdtempSync(join(here, 'node_modules/.size-'))
  try {
    const input = join(folder, 'entry.js')
    writeFileSync(input, code.join('\n'))
    const bundle = await rolldown({
      input,
      external: [...external],
      platform: 'browser',
      logLevel: 'silent',
    })
    const { output } = await bundle.generate({ format: 'esm', minify: true })
    return output.reduce(
      (sum, file) => sum + (file.type === 'chunk' ? brotliCompressSync(file.code).length : 0),
      0,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const row: Row = async ({ progress }) => {
  const lines: Line[] = []
  for (const { name: subject, role, code, external, barKb } of shipped) {
    progress(`size of ${subject}`)
    lines.push({
      work: 'size, minified and brotli, without the client',
      measure: 'size',
      unit: 'kB',
      subject,
      role,
      value: (await sizeOf(code, external)) / 1000,
      bar: barKb === undefined ? undefined : { value: barKb },
    })
  }
  return lines
}
