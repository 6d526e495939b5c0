import { checkKeys, text, wholeNumber } from './checks.ts'
import {
  CHANGEABLE,
  changed,
  DEFAULT_SETTINGS,
  type ChangeableOptions,
  type Settings,
} from './settings.ts'
import type { SigningKeys } from './signing-keys.ts'
import type { NewUser } from './users.ts'

/** What a pool is made with. All of it is optional. */
export interface UserPoolOptions extends ChangeableOptions {
  /** The users by name, each with a password or with more. Default: none. More can be added with `pool.addUser`. */
  readonly users?: Readonly<Record<string, string | NewUser>> | undefined
  /** The port on 127.0.0.1, 0 to 65535. Default 0: any free one. */
  readonly port?: number | undefined
  /** `<region>_<letters and digits>`. Default `us-east-1_Emulator1`. */
  readonly userPoolId?: string | undefined
  /** 1 to 128 letters, digits, `_` or `+`. Default `emulatorclient000000000000`. */
  readonly clientId?: string | undefined
  /**
   * The `iss` claim. Default `<endpoint>/<userPoolId>`, under which the keys are found. Cognito's own, for code that
   * expects it, is `https://cognito-idp.<region>.amazonaws.com/<userPoolId>`.
   */
  readonly issuer?: string | undefined
  /** The keys to sign with, from `createSigningKeys`. Default: new ones, as every pool of Cognito has its own. */
  readonly signingKeys?: SigningKeys | undefined
  /** The clock, in epoch ms; `clockOffsetSeconds` is added to it. Default `Date.now`. For tests that do not want to wait. */
  readonly now?: (() => number) | undefined
}

export interface PoolSetup {
  readonly users: Readonly<Record<string, string | NewUser>>
  readonly port: number
  readonly userPoolId: string
  readonly clientId: string
  /** Absent: to be made of the endpoint. */
  readonly issuer: string | undefined
  readonly signingKeys: SigningKeys | undefined
  readonly now: () => number
  readonly settings: Settings
}

const KNOWN = [
  'users',
  'port',
  'userPoolId',
  'clientId',
  'issuer',
  'signingKeys',
  'now',
  ...CHANGEABLE,
]

/** Reads the options. Throws a TypeError that names a bad one and says what it may be. */
export function readOptions(options: UserPoolOptions): PoolSetup {
  checkKeys('createUserPool', options, KNOWN)
  const {
    users = {},
    port = 0,
    userPoolId = 'us-east-1_Emulator1',
    clientId = 'emulatorclient000000000000',
    issuer,
    signingKeys,
    now = Date.now,
  } = options as UserPoolOptions
  checkKeys('users', users, Object.keys(users))
  if (typeof now !== 'function')
    throw new TypeError('now must be a function that gives epoch milliseconds.')
  return {
    users,
    port: wholeNumber('port', port, 0, 65_535),
    userPoolId: text(
      'userPoolId',
      userPoolId,
      /^[a-z0-9-]+_[0-9A-Za-z]+$/,
      'a region, an underscore and letters or digits, such as us-east-1_Emulator1',
    ),
    clientId: text('clientId', clientId, /^[\w+]{1,128}$/, '1 to 128 letters, digits, _ or +'),
    issuer:
      issuer === undefined
        ? undefined
        : text(
            'issuer',
            issuer,
            /^https?:\/\/\S*[^\s/]$/,
            'an http or https URL without a slash at its end',
          ),
    signingKeys,
    now,
    settings: changed(DEFAULT_SETTINGS, options),
  }
}
