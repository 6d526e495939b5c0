import type { Tokens } from './tokens.ts'
import type { DocumentName } from './operations/names.ts'

/** What the pool serves under its id, for those who verify its tokens. */
export interface Documents {
  /** The document at a path; undefined where there is none. */
  at(path: string): { readonly name: DocumentName; readonly content: object } | undefined
}

export function createDocuments(
  userPoolId: string,
  issuer: string,
  jwksUri: string,
  tokens: Tokens,
): Documents {
  const configuration = {
    issuer,
    jwks_uri: jwksUri,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'token'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
  }
  const base = `/${userPoolId}/.well-known`
  return {
    at(path) {
      if (path === `${base}/jwks.json`) return { name: 'jwks', content: tokens.jwks }
      if (path === `${base}/openid-configuration`)
        return { name: 'openid-configuration', content: configuration }
      return undefined
    },
  }
}
