import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * The server's half of SRP-6a as Cognito speaks it: the 3072-bit group of RFC 5054 with g = 2, SHA-256, integers hashed
 * as two's complement with a sign byte, and a key drawn from the shared secret by HKDF.
 */

/** What the pool keeps of a password: enough to check it, not enough to know it. */
export interface Verifier {
  /** Hexadecimal. */
  readonly salt: string
  readonly value: bigint
}

/** The server's ephemeral pair for one sign-in. `publicKey` is what goes out as SRP_B. */
export interface ServerPair {
  readonly secret: bigint
  readonly publicKey: bigint
}

/**
 * The group of RFC 3526, section 4, and RFC 5054, appendix A.
 *
 * @internal
 */
export const N: bigint = BigInt(
  '0x' +
    'FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD' +
    'EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED' +
    'EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F' +
    '83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B' +
    'E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510' +
    '15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7' +
    'ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C' +
    'BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
)
const g: bigint = 2n

/** The multiplier of SRP-6a: H(N | g). */
const k: bigint = integer(sha256(bytesOf(N), bytesOf(g)))

/** The longest SRP_A that can be meant: N in hexadecimal, with a sign byte. Longer ones would only burn time. */
const LONGEST_HEX = 3072 / 4 + 2

/** 256 bits are enough for the server's secret, and keep a sign-in to a few milliseconds. */
const SECRET_BYTES = 32

/** Makes the verifier of a new password. About 5 ms. */
export function createVerifier(poolName: string, username: string, password: string): Verifier {
  const salt = randomBytes(16).toString('hex')
  return { salt, value: verifierValue(salt, poolName, username, password) }
}

/** Whether this is the password that the verifier was made of; for the flow that sends it in the clear. */
export function isPasswordOf(
  verifier: Verifier,
  poolName: string,
  username: string,
  password: string,
): boolean {
  return verifierValue(verifier.salt, poolName, username, password) === verifier.value
}

/** Reads SRP_A, or gives undefined where it is not a number that SRP allows (A mod N must not be 0). */
export function readPublicKey(hex: string): bigint | undefined {
  if (hex.length > LONGEST_HEX || !/^[0-9a-f]+$/i.test(hex)) return undefined
  const value = BigInt(`0x${hex}`)
  return value % N === 0n ? undefined : value
}

/** Draws the server's pair: B = kv + g^b. */
export function createServerPair(verifier: Verifier): ServerPair {
  const secret = integer(randomBytes(SECRET_BYTES))
  return { secret, publicKey: (k * verifier.value + modPow(g, secret)) % N }
}

/** The key that both sides arrive at if, and only if, the client knew the password: S = (A v^u)^b. */
export function sessionKey(
  verifier: Verifier,
  pair: ServerPair,
  clientPublicKey: bigint,
): Uint8Array {
  const u = integer(sha256(bytesOf(clientPublicKey), bytesOf(pair.publicKey)))
  const secret = modPow(clientPublicKey * modPow(verifier.value, u), pair.secret)
  return new Uint8Array(hkdfSync('sha256', bytesOf(secret), bytesOf(u), 'Caldera Derived Key', 16))
}

/** What the client proves its key over; every part is in the order that Cognito hashes it in. */
export interface Claim {
  readonly poolName: string
  readonly username: string
  readonly secretBlock: Uint8Array
  readonly timestamp: string
}

/** The signature that PASSWORD_CLAIM_SIGNATURE must be, before base64. */
export function signClaim(key: Uint8Array, claim: Claim): Uint8Array {
  return createHmac('sha256', key)
    .update(claim.poolName)
    .update(claim.username)
    .update(claim.secretBlock)
    .update(claim.timestamp)
    .digest()
}

export function isSameSignature(expected: Uint8Array, given: Uint8Array): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function verifierValue(salt: string, poolName: string, username: string, password: string): bigint {
  const identity = sha256(Buffer.from(`${poolName}${username}:${password}`))
  const x = integer(sha256(bytesOf(BigInt(`0x${salt}`)), identity))
  return modPow(g, x)
}

/**
 * Two's complement, big-endian, as few bytes as possible: what Java's BigInteger.toByteArray gives,
 * on which Cognito stands.
 *
 * @internal
 */
export function bytesOf(value: bigint): Uint8Array {
  let hex = value.toString(16)
  if (hex.length % 2 === 1) hex = `0${hex}`
  if (/^[89a-f]/.test(hex)) hex = `00${hex}`
  return Buffer.from(hex, 'hex')
}

/** @internal */
export function modPow(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base % N
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N
    square = (square * square) % N
  }
  return result
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

export function integer(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}
