import { inspect } from 'node:util'
import { CommandLineError, HELP, inFlags, readCommandLine } from './command-line.ts'
import type { LoggedRequest } from './request-log.ts'
import { createUserPool, type UserPool } from './user-pool.ts'

/** Where the command writes. */
export interface Output {
  out(text: string): void
  error(text: string): void
}

/** How the command ended, or the pool that it started. */
export type CommandResult = { readonly exitCode: number } | { readonly pool: UserPool }

/** Carries out the command. A mistake is one sentence on the error output and exit code 2. */
export async function runCommand(
  args: readonly string[],
  { out, error }: Output,
): Promise<CommandResult> {
  try {
    const commandLine = readCommandLine(args)
    if (commandLine.kind === 'help') {
      out(HELP)
      return { exitCode: 0 }
    }
    const pool = await createUserPool(commandLine.options)
    out(banner(pool))
    pool.subscribe((request) => out(`${logLine(request)}\n`))
    return { pool }
  } catch (thrown) {
    const isMistake = thrown instanceof CommandLineError || thrown instanceof TypeError
    error(`cognito-emulator: ${inFlags((thrown as Error).message)}\n`)
    return { exitCode: isMistake ? 2 : 1 }
  }
}

function banner(pool: UserPool): string {
  const config = inspect(pool.amplifyConfig, { depth: null, compact: false, breakLength: 1 })
  return `Cognito user pool ${pool.userPoolId} on ${pool.endpoint}

Amplify.configure(${config})

new CognitoIdentityProviderClient({ region: '${pool.region}', endpoint: '${pool.endpoint}' })  // client id ${pool.clientId}

keys   ${pool.jwksUri}
issuer ${pool.issuer}
users  ${pool.users.length > 0 ? pool.users.join(', ') : 'none: add some with --user name:password'}

`
}

/**
 * One request in one line: when, which operation, whose, what became of it, what the client got, how long it took.
 *
 * @internal
 */
export function logLine({
  at,
  operation,
  user = '-',
  outcome,
  fault,
  answer,
  status,
  tookMs,
}: LoggedRequest): string {
  const time = new Date(at).toTimeString().slice(0, 8)
  const got = answer === 'sent' ? String(status) : answer
  const cause = fault === undefined ? '' : ` (fault: ${fault})`
  return `${time}  ${operation.padEnd(25)}  ${user.padEnd(12)}  ${outcome.padEnd(22)}  ${got}${cause}  ${Math.round(tookMs)} ms`
}
