import { calculateJwkThumbprint, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose'

/** The keys of a pool, as `createSigningKeys` gives them: to be handed to pools, not to be looked into. */
export interface SigningKeys {
  /** The `kid` of the key that signs id tokens. */
  readonly idKeyId: string
  /** The `kid` of the key that signs access tokens. */
  readonly accessKeyId: string
}

export interface SigningKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** The public half. */
  readonly jwk: JWK
}

/**
 * Cognito signs access tokens with another key than id tokens, so a verifier that takes the first key of the set fails
 * there and must fail here.
 */
export interface KeyPairs {
  readonly id: SigningKey
  readonly access: SigningKey
}

const kept = new WeakMap<SigningKeys, KeyPairs>()

/**
 * Makes the two RSA keys that a pool signs with. A pool makes its own, which is nearly all of the 100 ms or so that it
 * takes to start; tests that start many pools make them once and pass them on as `signingKeys`.
 *
 * @example
 * ```ts
 * const signingKeys = await createSigningKeys()
 * const pool = await createUserPool({ signingKeys }) // 2 ms
 * ```
 */
export async function createSigningKeys(): Promise<SigningKeys> {
  const [id, access] = await Promise.all([createSigningKey(), createSigningKey()])
  const keys: SigningKeys = Object.freeze({ idKeyId: id.kid, accessKeyId: access.kid })
  kept.set(keys, { id, access })
  return keys
}

/** The keys behind the handle. Throws a TypeError where it is none. */
export function keyPairsOf(keys: SigningKeys): KeyPairs {
  const pairs = kept.get(keys)
  if (pairs === undefined) {
    throw new TypeError('signingKeys must be what createSigningKeys() gave.')
  }
  return pairs
}

async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, privateKey, publicKey, jwk: { ...jwk, alg: 'RS256', use: 'sig', kid } }
}
