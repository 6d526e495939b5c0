import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { call, signIn } from '../test/call.ts'
import { logLine, runCommand } from './command.ts'
import { HELP, readCommandLine } from './command-line.ts'
import type { AmplifyConfig, UserPool } from './index.ts'

interface Running {
  readonly child: ChildProcess
  readonly output: () => string
  readonly errors: () => string
}

/** The command as its own process, as a shell would start it. */
function start(...args: string[]): Running {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bin.ts'), ...args])
  onTestFinished(() => void child.kill('SIGKILL'))
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)))
  child.stderr.on('data', (chunk: Buffer) => (errors += String(chunk)))
  return { child, output: () => output, errors: () => errors }
}

describe('the command', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'prints the config, serves, logs, and stops on %s',
    async (signal) => {
      const { child, output, errors } = start(
        '--port',
        '0',
        '--user',
        'alice:se:cret',
        '--user',
        'bob:x',
        '--access-token-seconds',
        '60',
        '--rotation',
      )
      await expect.poll(output, {}).toContain('users  alice, bob\n')
      const config = /Amplify\.configure(\(.+?\))\n/s.exec(output())?.[1] as string
      const { Auth } = runInNewContext(config) as AmplifyConfig
      const { userPoolEndpoint: endpoint, userPoolClientId: clientId } = Auth.Cognito
      const pool = { endpoint, clientId } as UserPool

      const { ExpiresIn, RefreshToken } = await signIn(pool, 'alice', 'se:cret')
      expect(ExpiresIn).toBe(60)
      await call(pool, 'GetTokensFromRefreshToken', {
        ClientId: pool.clientId,
        RefreshToken: 'made-up',
      })
      await expect
        .poll(output)
        .toMatch(
          /\d\d:\d\d:\d\d {2}InitiateAuth {15}alice {9}ok {22}200 {2}\d+ ms\n.*GetTokensFromRefreshToken {2}- +NotAuthorizedException {2}400 {2}\d+ ms\n$/,
        )
      for (const secret of ['se:cret', RefreshToken]) expect(output()).not.toContain(secret)

      child.kill(signal)
      expect(await once(child, 'exit')).toEqual([0, null])
      expect(errors()).toBe('')
    },
  )

  test('says what there is', async () => {
    const { child, output } = start('--help')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(output()).toBe(HELP)
  })

  test('fails in one sentence on a flag that it does not know', async () => {
    const { child, output, errors } = start('--acces-token-seconds', '60')
    expect(await once(child, 'exit')).toEqual([2, null])
    expect(errors()).toBe(
      "cognito-emulator: Unknown option '--acces-token-seconds'; cognito-emulator --help lists what there is.\n",
    )
    expect(output()).toBe('')
  })
})

test('help is printed and nothing is started', async () => {
  let output = ''
  const result = await runCommand(['-h'], { out: (text) => (output += text), error: () => {} })
  expect(result).toEqual({ exitCode: 0 })
  expect(output).toBe(HELP)
})

describe('a mistake on the command line is one sentence', () => {
  test.each<[string, string]>([
    [
      '--port',
      "Option '--port <value>' argument missing; cognito-emulator --help lists what there is.",
    ],
    ['alice', "Unexpected argument 'alice'; cognito-emulator --help lists what there is."],
    ['--port many', '--port must be a whole number; got "many".'],
    ['--port 70000', '--port must be a whole number from 0 to 65535; got 70000.'],
    [
      '--access-token-seconds 0',
      '--access-token-seconds must be a whole number of seconds from 1 to 86400; got 0.',
    ],
    [
      '--rotation --grace-seconds 61',
      '--grace-seconds must be a whole number of seconds from 0 to 60; got 61.',
    ],
    ['--grace-seconds 5', '--grace-seconds needs --rotation.'],
    ['--revoke-family-on-reuse', '--revoke-family-on-reuse needs --rotation.'],
    ['--user alice', '--user must be name:password, such as alice:secret.'],
    ['--user alice:', '--user must be name:password, such as alice:secret.'],
    ['--user :secret', '--user must be name:password, such as alice:secret.'],
  ])('%s', async (line, message) => {
    const written: string[] = []
    const result = await runCommand(line.split(' '), {
      out: () => {},
      error: (text) => written.push(text),
    })
    expect(result).toEqual({ exitCode: 2 })
    expect(written).toEqual([`cognito-emulator: ${message}\n`])
  })

  test('a port that is taken is no mistake of the command line', async () => {
    const first = await runCommand(['--port', '0'], { out: () => {}, error: () => {} })
    if (!('pool' in first)) throw new Error('It did not start.')
    onTestFinished(() => first.pool.close())
    const { port } = new URL(first.pool.endpoint)
    const written: string[] = []
    expect(
      await runCommand(['--port', port], { out: () => {}, error: (text) => written.push(text) }),
    ).toEqual({ exitCode: 1 })
    expect(written).toEqual([
      `cognito-emulator: Cannot listen on port ${port} (EADDRINUSE). Choose another port, or 0 for any free one.\n`,
    ])
  })
})

describe('flags', () => {
  test('stand for the options of createUserPool', () => {
    const line =
      '--user a:b --port 1 --pool-id eu-west-1_X --client-id c --issuer https://id.example --access-token-seconds 2 --id-token-seconds 3 ' +
      '--refresh-token-seconds 4 --rotation --grace-seconds 5 --revoke-family-on-reuse --clock-offset-seconds -6 --prevent-user-existence-errors'
    expect(readCommandLine(line.split(' '))).toEqual({
      kind: 'serve',
      options: {
        users: { a: 'b' },
        port: 1,
        userPoolId: 'eu-west-1_X',
        clientId: 'c',
        issuer: 'https://id.example',
        accessTokenSeconds: 2,
        idTokenSeconds: 3,
        refreshTokenSeconds: 4,
        rotation: { graceSeconds: 5, revokeFamilyOnReuse: true },
        clockOffsetSeconds: -6,
        preventUserExistenceErrors: true,
      },
    })
  })

  test('are all optional', () => {
    expect(readCommandLine([])).toMatchObject({ kind: 'serve', options: { port: 9229, users: {} } })
  })

  test('are all in the help', () => {
    expect([...HELP.matchAll(/^ {2}(--[a-z-]+)/gm)]).toHaveLength(14)
  })
})

test('the users of a pool are named, and their passwords are not', async () => {
  let output = ''
  const result = await runCommand(['--port', '0', '--user', 'alice:s3cret'], {
    out: (text) => (output += text),
    error: () => {},
  })
  if (!('pool' in result)) throw new Error('It did not start.')
  await result.pool.close()
  expect(output).toContain('users  alice\n')
  expect(output).not.toContain('s3cret')
})

test('a pool without users says how to get some, and each request is a line', async () => {
  let output = ''
  const result = await runCommand(['--port', '0'], {
    out: (text) => (output += text),
    error: () => {},
  })
  if (!('pool' in result)) throw new Error('It did not start.')
  await fetch(result.pool.jwksUri)
  await result.pool.close()
  expect(output.split('\n').at(-2)).toMatch(/ {2}jwks /)
  expect(output).toContain('users  none: add some with --user name:password')
})

test.each<[string, Partial<Parameters<typeof logLine>[0]>, RegExp]>([
  ['an answer', { status: 200 }, /ok +200 {2}12 ms$/],
  ['a lost answer', { answer: 'dropped', fault: 'drop' }, /ok +dropped \(fault: drop\) {2}12 ms$/],
])('a log line shows %s', (_, facts, line) => {
  const request = {
    at: 0,
    operation: 'GetUser',
    user: 'alice',
    outcome: 'ok',
    answer: 'sent',
    tookMs: 12.3,
    ...facts,
  } as const
  expect(logLine(request)).toMatch(line)
})
