import { createHash, createHmac, randomBytes } from 'node:crypto'

/**
 * The client's half of Cognito's SRP, written from RFC 5054 and RFC 5869 and not from the emulator's source, so that the
 * two can disagree. HKDF is spelt out for the same reason.
 */

const N = BigInt(
  '0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
)

export interface SrpChallenge {
  readonly SALT: string
  readonly SRP_B: string
  readonly SECRET_BLOCK: string
  readonly USER_ID_FOR_SRP: string
}

export interface SrpClient {
  readonly srpA: string
  key(poolName: string, username: string, password: string, salt: string, srpB: string): Buffer
  /** The ChallengeResponses of PASSWORD_VERIFIER; `claimedBy` is another user, for whom the claim is signed. */
  answer(
    userPoolId: string,
    password: string,
    challenge: SrpChallenge,
    timestamp: string,
    claimedBy?: string,
  ): Record<string, string>
}

export function createSrpClient(): SrpClient {
  const a = BigInt(`0x${randomBytes(32).toString('hex')}`)
  const A = power(2n, a)

  function key(
    poolName: string,
    username: string,
    password: string,
    salt: string,
    srpB: string,
  ): Buffer {
    const B = BigInt(`0x${srpB}`)
    const u = number(hash(javaBytes(A), javaBytes(B)))
    const x = number(
      hash(javaBytes(BigInt(`0x${salt}`)), hash(Buffer.from(`${poolName}${username}:${password}`))),
    )
    const multiplier = number(hash(javaBytes(N), javaBytes(2n)))
    const base = (((B - multiplier * power(2n, x)) % N) + N) % N
    const pseudoRandomKey = hmac(javaBytes(u), javaBytes(power(base, a + u * x)))
    return hmac(pseudoRandomKey, Buffer.from('Caldera Derived Key\u0001')).subarray(0, 16)
  }

  return {
    srpA: A.toString(16),
    key,
    answer(userPoolId, password, challenge, timestamp, claimedBy = challenge.USER_ID_FOR_SRP) {
      const { SALT, SRP_B, SECRET_BLOCK, USER_ID_FOR_SRP } = challenge
      const poolName = userPoolId.split('_')[1] as string
      const signingKey = key(poolName, USER_ID_FOR_SRP, password, SALT, SRP_B)
      const message = [
        Buffer.from(poolName),
        Buffer.from(claimedBy),
        Buffer.from(SECRET_BLOCK, 'base64'),
        Buffer.from(timestamp),
      ]
      return {
        USERNAME: claimedBy,
        PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
        PASSWORD_CLAIM_SIGNATURE: hmac(signingKey, Buffer.concat(message)).toString('base64'),
        TIMESTAMP: timestamp,
      }
    },
  }
}

function power(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n
  const half = power(base, exponent / 2n)
  const square = (half * half) % N
  return exponent % 2n === 0n ? square : (square * base) % N
}

/** As `BigInteger.toByteArray()` of a positive number: with a zero byte where the first bit would else be set. */
function javaBytes(value: bigint): Buffer {
  const length = Math.floor(value.toString(2).length / 8) + 1
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex')
}

function hash(...parts: Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest()
}

function hmac(secret: Buffer, message: Buffer): Buffer {
  return createHmac('sha256', secret).update(message).digest()
}

function number(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`)
}
