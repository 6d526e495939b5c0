import { createHmac, randomBytes } from 'node:crypto'
import { canonicalTimestamp } from './challenge-timestamp.ts'
import { invalidParameter, notAuthorized } from './cognito-error.ts'
import {
  createServerPair,
  integer,
  isSameSignature,
  readPublicKey,
  sessionKey,
  signClaim,
  type Verifier,
} from './srp.ts'
import { poolNameOf, type User, type Users } from './users.ts'

/** What InitiateAuth answers to USER_SRP_AUTH, as the parameters of PASSWORD_VERIFIER. */
export interface ChallengeParameters {
  readonly SALT: string
  readonly SECRET_BLOCK: string
  readonly SRP_B: string
  readonly USERNAME: string
  readonly USER_ID_FOR_SRP: string
}

/** A client's answer to the challenge. */
export interface PasswordClaim {
  readonly username: string
  readonly secretBlock: string
  readonly signature: string
  readonly timestamp: string
}

export interface PasswordChallenges {
  /** `user` is undefined for a name that nobody has: such a challenge looks like any other and cannot be met. */
  open(name: string, user: User | undefined, srpA: string): ChallengeParameters
  /** The user who met the challenge. Each can be answered once, within three minutes. Throws what Cognito answers. */
  answer(claim: PasswordClaim): User
}

interface Challenge {
  readonly name: string
  readonly key: Uint8Array
  readonly openedAt: number
}

/** Cognito's default for the time that a sign-in may take. */
const LIFETIME_MS = 3 * 60_000

export function createPasswordChallenges(
  userPoolId: string,
  users: Users,
  now: () => number,
): PasswordChallenges {
  const poolName = poolNameOf(userPoolId)
  const nobodysSecret = randomBytes(32)
  const challenges = new Map<string, Challenge>()

  /** Always the same salt for the same name, or two tries would tell an unknown name from a known one. */
  function nobody(name: string): Verifier {
    const salt = createHmac('sha256', nobodysSecret).update(name).digest('hex').slice(0, 32)
    return { salt, value: integer(randomBytes(384)) }
  }

  function dropOld(): void {
    for (const [block, challenge] of challenges) {
      if (now() - challenge.openedAt < LIFETIME_MS) return
      challenges.delete(block)
    }
  }

  return {
    open(name, user, srpA) {
      const clientKey = readPublicKey(srpA)
      if (clientKey === undefined) throw invalidParameter('Invalid value for parameter SRP_A.')
      dropOld()
      const verifier = user?.verifier ?? nobody(name)
      const pair = createServerPair(verifier)
      const secretBlock = randomBytes(192).toString('base64')
      const username = user?.name ?? name
      challenges.set(secretBlock, {
        name: username,
        key: sessionKey(verifier, pair, clientKey),
        openedAt: now(),
      })
      return {
        SALT: verifier.salt,
        SECRET_BLOCK: secretBlock,
        SRP_B: pair.publicKey.toString(16),
        USERNAME: username,
        USER_ID_FOR_SRP: username,
      }
    },

    answer({ username, secretBlock, signature, timestamp }) {
      const canonical = canonicalTimestamp(timestamp)
      if (canonical === undefined) {
        throw invalidParameter('TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.')
      }
      dropOld()
      const challenge = challenges.get(secretBlock)
      challenges.delete(secretBlock)
      const user = users.find(username)
      const wrong = notAuthorized('Incorrect username or password.')
      if (challenge === undefined || user === undefined || user.name !== challenge.name) throw wrong
      const claim = {
        poolName,
        username: user.name,
        secretBlock: Buffer.from(secretBlock, 'base64'),
        timestamp: canonical,
      }
      if (!isSameSignature(signClaim(challenge.key, claim), Buffer.from(signature, 'base64')))
        throw wrong
      return user
    },
  }
}
