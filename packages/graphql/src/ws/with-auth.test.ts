import { findTokenError, TokenError } from '@unexpired/core'
import type { ClientOptions } from 'graphql-ws'
import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import { createTestSession } from '../../test/session.ts'
import { connect, versions, type Setup, type SetupOptions } from '../../test/ws-client.ts'
import type { WsServerOptions } from '../../test/ws-server.ts'
import { withAuth } from './with-auth.ts'

describe.each(versions)('%s', (_version, createClient) => {
  const start = (options?: SetupOptions): Promise<Setup> => connect(createClient, options)

  test('a socket is initialised with the token, and shared by all subscriptions', async () => {
    const { server, session, subscribe, subscribed, tokens } = await start()
    const subscriptions = [subscribe(), subscribe()]
    await subscribed(2)
    server.tick(1)
    await vi.waitFor(() => expect(subscriptions.map(({ values }) => values)).toEqual([[1], [1]]))
    expect(tokens()).toEqual(['Bearer token-1'])
    expect(session.refreshes()).toBe(0)
  })

  test('unsubscribing completes the sink and closes the socket, as before', async () => {
    const { server, subscribe, subscribed } = await start()
    const { end, stop } = subscribe()
    await subscribed()
    stop()
    expect(await end).toBeUndefined()
    await vi.waitFor(() =>
      expect(server.closes).toEqual([{ code: 1000, reason: 'Normal Closure' }]),
    )
  })

  test('the token goes where toConnectionParams puts it, beside params of your own', async () => {
    const { server, subscribe, subscribed } = await start({
      client: { connectionParams: { headers: { 'x-role': 'editor' } } },
      toConnectionParams: ({ name, value }, own) => ({
        [name]: value,
        headers: { ...(own['headers'] as object), Authorization: value },
      }),
    })
    subscribe()
    await subscribed()
    expect(server.inits).toMatchObject([
      { headers: { 'x-role': 'editor', Authorization: 'Bearer token-1' } },
    ])
  })

  test('params of your own are asked for each socket, and kept', async () => {
    let asked = 0
    const connectionParams = async (): Promise<Record<string, unknown>> => ({ socket: ++asked })
    const { server, subscribe, subscribed } = await start({ client: { connectionParams } })
    for (const count of [1, 2]) {
      const { stop } = subscribe()
      await subscribed()
      stop()
      await vi.waitFor(() => expect(server.closes).toHaveLength(count))
    }
    expect(server.inits).toEqual([
      { authorization: 'Bearer token-1', socket: 1 },
      { authorization: 'Bearer token-1', socket: 2 },
    ])
  })

  test('an authorization of your own wins, and its refusal is yours', async () => {
    const { session, subscribe, tokens } = await start({
      client: { connectionParams: { Authorization: 'mine' }, retryAttempts: 0 },
    })
    expect(await subscribe().end).toMatchObject({ code: 4403 })
    expect(tokens()).toEqual([undefined])
    expect(session.refreshes()).toBe(0)
  })

  test('a socket to an origin that the policy does not name gets no token', async () => {
    const { session, subscribe, tokens } = await start({
      origin: 'https://api.example.com',
      client: { retryAttempts: 0 },
    })
    session.revoke()
    expect(await subscribe().end).toMatchObject({ code: 4403 })
    expect(tokens()).toEqual([undefined])
    expect(session.refreshes()).toBe(0)
  })

  test('listeners and a url function of your own are called as before', async () => {
    const heard: string[] = []
    const { server, policy, ...setup } = await start({
      client: {
        on: {
          opened: () => heard.push('opened'),
          message: ({ type }) => heard.push(type),
          closed: () => heard.push('closed'),
        },
      },
    })
    const { stop } = setup.subscribe()
    await setup.subscribed()
    server.tick(1)
    await vi.waitFor(() => expect(heard).toContain('next'))
    stop()
    await vi.waitFor(() => expect(heard).toEqual(['opened', 'connection_ack', 'next', 'closed']))
    const url = withAuth({ url: async () => server.url }, policy).url as () => Promise<string>
    expect(await url()).toBe(server.url)
  })

  test.each<[string, WsServerOptions]>([
    ['4403, as graphql-ws', {}],
    ['4401', { refuseWith: { code: 4401, reason: 'Unauthorized' } }],
    ['3000', { refuseWith: { code: 3000, reason: 'Unauthorized' } }],
  ])('a refusal by %s is cured by one refresh, and costs no retry', async (_code, options) => {
    const setup = await start({ ...options, client: { retryAttempts: 0 } })
    setup.session.revoke()
    const { values } = setup.subscribe()
    await setup.subscribed()
    setup.server.tick(1)
    await vi.waitFor(() => expect(values).toEqual([1]))
    expect(setup.tokens()).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(setup.session.refreshes()).toBe(1)
  })

  test('a socket that the server closes when its token ends is opened again with all subscriptions', async () => {
    const { server, session, subscribe, subscribed, tokens } = await start()
    const subscriptions = [subscribe(), subscribe()]
    await subscribed(2)
    session.revoke()
    for (const socket of server.sockets()) socket.close(4403, 'Token expired')
    await vi.waitFor(() => expect(server.inits).toHaveLength(2))
    await subscribed(2)
    server.tick(2)
    await vi.waitFor(() => expect(subscriptions.map(({ values }) => values)).toEqual([[2], [2]]))
    expect(tokens()).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test('a new token that is refused as well ends in the close of the server', async () => {
    const { session, subscribe, tokens } = await start({ client: { retryAttempts: 0 } })
    session.acceptNothing()
    expect(await subscribe().end).toMatchObject({ code: 4403, reason: 'Forbidden' })
    expect(tokens()).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(session.refreshes()).toBe(1)
  })

  test('a server that accepts each token and then refuses it makes no loop', async () => {
    const { server, session, subscribe, subscribed } = await start({ client: { retryAttempts: 0 } })
    const { end } = subscribe()
    for (const _ of [1, 2]) {
      await subscribed()
      for (const socket of server.sockets()) socket.close(4403, 'Not you')
      await subscribed(0)
    }
    expect(await end).toMatchObject({ code: 4403, reason: 'Not you' })
    expect(session.refreshes()).toBe(1)
  })

  test('a close of your own choice can mean a refusal', async () => {
    const { session, subscribe, subscribed, tokens } = await start({
      refuseWith: { code: 4400, reason: 'Could not verify JWT: JWTExpired' },
      isRefusal: ({ code, reason }) => code === 4400 && reason.includes('JWT'),
    })
    session.revoke()
    subscribe()
    await subscribed()
    expect(tokens()).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test('other closes are left to graphql-ws', async () => {
    const { server, session, subscribe, subscribed } = await start()
    const { end } = subscribe()
    await subscribed()
    for (const socket of server.sockets()) socket.close(4500, 'Out of memory')
    expect(await end).toMatchObject({ code: 4500, reason: 'Out of memory' })
    expect(session.refreshes()).toBe(0)
  })

  test('an expired token is refreshed before the socket is opened, as servers do not wait', async () => {
    const { server, session, subscribe, subscribed, tokens } = await start({
      session: { firstLifetimeMs: 1, refreshMs: 600 },
      client: { retryAttempts: 0 },
      initWaitMs: 300,
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    subscribe()
    await subscribed()
    expect(tokens()).toEqual(['Bearer token-2'])
    expect(server.closes).toEqual([])
    expect(session.refreshes()).toBe(1)
  })

  test('when no token can be had, the sink gets the typed error, and the server no reason', async () => {
    const { server, session, subscribe } = await start({ session: { firstLifetimeMs: 1 } })
    await new Promise((resolve) => setTimeout(resolve, 5))
    session.failWith(new TokenError('session-revoked', 'The session was ended. Sign in again.'))
    expect(findTokenError(await subscribe().end)?.code).toBe('session-revoked')
    await vi.waitFor(() => expect(server.closes).toEqual([{ code: 1000, reason: '' }]))
    expect(server.inits).toEqual([])
    expect(session.refreshes()).toBe(1)
  })

  test('what toConnectionParams throws reaches the sink, and not the server', async () => {
    const { server, subscribe } = await start({
      toConnectionParams() {
        throw new Error('A bug, with details')
      },
    })
    expect(await subscribe().end).toMatchObject({ message: 'A bug, with details' })
    await vi.waitFor(() => expect(server.closes).toEqual([{ code: 1000, reason: '' }]))
  })

  test('a refused token for which there is no new one ends in the typed error', async () => {
    const { session, subscribe } = await start()
    session.revoke()
    session.failWith(new TokenError('session-expired', 'The session is over. Sign in again.'))
    expect(findTokenError(await subscribe().end)?.code).toBe('session-expired')
  })

  test('while the identity provider is out of reach, graphql-ws tries again', async () => {
    const { session, client, subscribe, subscribed, tokens } = await start({
      session: { firstLifetimeMs: 1 },
      policy: { refreshTimeoutMs: 20, retryBaseMs: 5 },
      client: { retryAttempts: 500 },
    })
    let tries = 0
    client.on('connecting', () => tries++)
    await new Promise((resolve) => setTimeout(resolve, 5))
    session.failWith(new TokenError('offline', 'No network. Try again later.'))
    subscribe()
    await vi.waitFor(() => expect(tries).toBeGreaterThan(2))
    session.failWith(undefined)
    await subscribed()
    expect(tokens()).toEqual(['Bearer token-2'])
  })

  test('a shouldRetry of your own is asked about everything else', async () => {
    const asked: unknown[] = []
    const { subscribe } = await start({
      client: {
        url: 'ws://127.0.0.1:1/',
        shouldRetry: (problem) => {
          asked.push(problem)
          return false
        },
      },
    })
    const error = await subscribe().end
    expect(asked).toEqual([error])
  })

  test('nobody signed in: the socket is opened without a token, and a refusal says so', async () => {
    const { session, subscribe, tokens } = await start({ session: { signedIn: false } })
    expect(findTokenError(await subscribe().end)?.code).toBe('signed-out')
    expect(tokens()).toEqual([undefined])
    expect(session.refreshes()).toBe(0)
  })
})

test('the options come back as options', async () => {
  const policy = createTestSession().policyFor('https://api.example.com')
  const options = withAuth({ url: 'wss://api.example.com/graphql', keepAlive: 10_000 }, policy)
  expect(options.keepAlive).toBe(10_000)
  expectTypeOf(options).toEqualTypeOf<ClientOptions>()
})
