import { checkKeys, flag, wholeNumber } from './checks.ts'

/** How refresh tokens rotate. */
export interface Rotation {
  /**
   * How many seconds a refresh token may still be spent after it was spent for the first time, 0 to 60.
   * Each time gives a further refresh token. Default 0: a second use is reuse.
   */
  readonly graceSeconds?: number | undefined
  /**
   * Whether reuse ends the session of whoever holds the newest token too, as RFC 9700, section 4.14.2, advises.
   * Cognito documents only that the reused token is refused, so the default is false.
   */
  readonly revokeFamilyOnReuse?: boolean | undefined
}

/** What can be set at the start and changed while the pool runs. Tokens that are already out keep what they were given. */
export interface ChangeableOptions {
  /** Lifetime of access tokens in seconds, 1 to 86 400. Default 3600. Cognito's own minimum is 300. */
  readonly accessTokenSeconds?: number | undefined
  /** Lifetime of id tokens in seconds, 1 to 86 400. Default 3600. */
  readonly idTokenSeconds?: number | undefined
  /** Lifetime of refresh tokens in seconds, counted from the sign-in, 1 to 315 360 000. Default 2 592 000 (30 days). */
  readonly refreshTokenSeconds?: number | undefined
  /**
   * Whether a refresh gives a new refresh token and spends the old one; `true` stands for `{}`. Default false.
   * As in Cognito, InitiateAuth with REFRESH_TOKEN_AUTH is refused while it is on.
   */
  readonly rotation?: boolean | Rotation | undefined
  /** How far the server's clock is ahead of this machine's, in seconds; negative for behind. Default 0. */
  readonly clockOffsetSeconds?: number | undefined
  /**
   * Whether an unknown user name is answered as a wrong password is. Default false, as for app clients made by Cognito's
   * API (the console turns it on): UserNotFoundException.
   */
  readonly preventUserExistenceErrors?: boolean | undefined
}

export interface Settings {
  readonly accessTokenSeconds: number
  readonly idTokenSeconds: number
  readonly refreshTokenSeconds: number
  /** Absent where refresh tokens do not rotate. */
  readonly rotation:
    | { readonly graceSeconds: number; readonly revokeFamilyOnReuse: boolean }
    | undefined
  readonly clockOffsetSeconds: number
  readonly preventUserExistenceErrors: boolean
}

export const CHANGEABLE: readonly (keyof ChangeableOptions)[] = [
  'accessTokenSeconds',
  'idTokenSeconds',
  'refreshTokenSeconds',
  'rotation',
  'clockOffsetSeconds',
  'preventUserExistenceErrors',
]

export const DEFAULT_SETTINGS: Settings = {
  accessTokenSeconds: 3600,
  idTokenSeconds: 3600,
  refreshTokenSeconds: 30 * 86_400,
  rotation: undefined,
  clockOffsetSeconds: 0,
  preventUserExistenceErrors: false,
}

const DAY = 86_400
const TEN_YEARS = 3650 * DAY

/** The settings after a change: what is not given stays as it is. Throws a TypeError that names a bad option. */
export function changed(settings: Settings, options: ChangeableOptions): Settings {
  const seconds = (
    name: keyof Settings & keyof ChangeableOptions,
    least: number,
    most: number,
  ): number =>
    options[name] === undefined
      ? (settings[name] as number)
      : wholeNumber(name, options[name], least, most, 'seconds')
  return {
    accessTokenSeconds: seconds('accessTokenSeconds', 1, DAY),
    idTokenSeconds: seconds('idTokenSeconds', 1, DAY),
    refreshTokenSeconds: seconds('refreshTokenSeconds', 1, TEN_YEARS),
    rotation: options.rotation === undefined ? settings.rotation : readRotation(options.rotation),
    clockOffsetSeconds: seconds('clockOffsetSeconds', -TEN_YEARS, TEN_YEARS),
    preventUserExistenceErrors:
      options.preventUserExistenceErrors === undefined
        ? settings.preventUserExistenceErrors
        : flag('preventUserExistenceErrors', options.preventUserExistenceErrors),
  }
}

function readRotation(rotation: unknown): Settings['rotation'] {
  if (rotation === false) return undefined
  const given: unknown = rotation === true ? {} : rotation
  checkKeys('rotation', given, ['graceSeconds', 'revokeFamilyOnReuse'])
  const { graceSeconds = 0, revokeFamilyOnReuse = false } = given
  return {
    graceSeconds: wholeNumber('rotation.graceSeconds', graceSeconds, 0, 60, 'seconds'),
    revokeFamilyOnReuse: flag('rotation.revokeFamilyOnReuse', revokeFamilyOnReuse),
  }
}
