import { parseArgs, type ParseArgsConfig } from 'node:util'
import type { UserPoolOptions } from './user-pool-options.ts'

/** What was asked for on the command line. */
export type CommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'serve'; readonly options: UserPoolOptions }

/** A command line that cannot be understood; the message is one sentence for whoever typed it. */
export class CommandLineError extends Error {}

/** The port that other Cognito emulators listen on as well, so that a project's set-up need not change. */
const DEFAULT_PORT = 9229

const FLAGS = {
  port: { type: 'string' },
  user: { type: 'string', multiple: true },
  'pool-id': { type: 'string' },
  'client-id': { type: 'string' },
  issuer: { type: 'string' },
  'access-token-seconds': { type: 'string' },
  'id-token-seconds': { type: 'string' },
  'refresh-token-seconds': { type: 'string' },
  rotation: { type: 'boolean' },
  'grace-seconds': { type: 'string' },
  'revoke-family-on-reuse': { type: 'boolean' },
  'clock-offset-seconds': { type: 'string' },
  'prevent-user-existence-errors': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options']

export const HELP: string = `cognito-emulator: a Cognito user pool on 127.0.0.1, for development and tests.

  cognito-emulator --user alice:secret --access-token-seconds 60 --rotation

  --user <name:password>           a user; can be given several times
  --port <number>                  default ${DEFAULT_PORT}; 0 for any free one
  --pool-id <region_id>            default us-east-1_Emulator1
  --client-id <id>                 default emulatorclient000000000000
  --issuer <url>                   the iss claim; default http://127.0.0.1:<port>/<pool-id>
  --access-token-seconds <n>       lifetime of access tokens; default 3600
  --id-token-seconds <n>           lifetime of id tokens; default 3600
  --refresh-token-seconds <n>      lifetime of a session; default 2592000 (30 days)
  --rotation                       each refresh gives a new refresh token and spends the old one
  --grace-seconds <0 to 60>        with --rotation: how long a spent token may be spent again; default 0
  --revoke-family-on-reuse         with --rotation: reuse ends the whole session
  --clock-offset-seconds <n>       how far the server's clock is ahead; negative for behind
  --prevent-user-existence-errors  answer an unknown user as a wrong password
  --help, -h                       this text

Faults (throttling, dropped connections, lost answers, ...) are set from code: see createUserPool.
`

/** Reads the arguments after the command's name. Throws a CommandLineError. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const flags = parse(args)
  if (flags.help === true) return { kind: 'help' }
  const number = (name: NumericFlag): number | undefined => readNumber(name, flags[name])
  const options: UserPoolOptions = {
    users: Object.fromEntries((flags.user ?? []).map(readUser)),
    port: number('port') ?? DEFAULT_PORT,
    userPoolId: flags['pool-id'],
    clientId: flags['client-id'],
    issuer: flags.issuer,
    accessTokenSeconds: number('access-token-seconds'),
    idTokenSeconds: number('id-token-seconds'),
    refreshTokenSeconds: number('refresh-token-seconds'),
    clockOffsetSeconds: number('clock-offset-seconds'),
    preventUserExistenceErrors: flags['prevent-user-existence-errors'],
    rotation: flags.rotation,
  }
  const graceSeconds = number('grace-seconds')
  const revokeFamilyOnReuse = flags['revoke-family-on-reuse']
  if (flags.rotation === true)
    return {
      kind: 'serve',
      options: { ...options, rotation: { graceSeconds, revokeFamilyOnReuse } },
    }
  if (graceSeconds !== undefined) throw new CommandLineError('--grace-seconds needs --rotation.')
  if (revokeFamilyOnReuse !== undefined)
    throw new CommandLineError('--revoke-family-on-reuse needs --rotation.')
  return { kind: 'serve', options }
}

/** The same message with the flag in the place of the option that it came from. */
export function inFlags(message: string): string {
  return message.replace(/^[\w.]+/, (option) => OPTION_FLAGS[option] ?? option)
}

const OPTION_FLAGS: Readonly<Record<string, string>> = {
  port: '--port',
  userPoolId: '--pool-id',
  clientId: '--client-id',
  issuer: '--issuer',
  accessTokenSeconds: '--access-token-seconds',
  idTokenSeconds: '--id-token-seconds',
  refreshTokenSeconds: '--refresh-token-seconds',
  clockOffsetSeconds: '--clock-offset-seconds',
  'rotation.graceSeconds': '--grace-seconds',
}

type Flags = ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values']
type NumericFlag = Extract<keyof Flags, 'port' | `${string}-seconds`>

function parse(args: readonly string[]): Flags {
  try {
    return parseArgs({ args: withNegatives(args), options: FLAGS, allowPositionals: false }).values
  } catch (error) {
    const [sentence] = (error as Error).message.split(/[.\n]/, 1) as [string]
    throw new CommandLineError(`${sentence}; cognito-emulator --help lists what there is.`, {
      cause: error,
    })
  }
}

/** parseArgs takes `-3600` for a flag unless it is joined to the one that it belongs to. */
function withNegatives(args: readonly string[]): string[] {
  const joined: string[] = []
  for (const arg of args) {
    const previous = joined.at(-1)
    if (/^-\d+$/.test(arg) && previous !== undefined && /^--[a-z-]+$/.test(previous))
      joined[joined.length - 1] = `${previous}=${arg}`
    else joined.push(arg)
  }
  return joined
}

function readNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (!/^-?\d+$/.test(value))
    throw new CommandLineError(`--${name} must be a whole number; got ${JSON.stringify(value)}.`)
  return Number(value)
}

function readUser(value: string): [name: string, password: string] {
  const colon = value.indexOf(':')
  if (colon < 1 || colon === value.length - 1)
    throw new CommandLineError('--user must be name:password, such as alice:secret.')
  return [value.slice(0, colon), value.slice(colon + 1)]
}
