import { findTokenError, TokenError } from '@unexpired/core'
import { virtualClock, type VirtualClock } from '@unexpired/testing'
import { describe, expect, test, vi } from 'vitest'
import type { TestSessionOptions } from '../../test/session.ts'
import { connect, versions, type Setup, type SetupOptions } from '../../test/ws-client.ts'

const minute = 60_000
const hour = 60 * minute

describe.each(versions)('%s', (_version, createClient) => {
  const start = async (
    session: TestSessionOptions = {},
    options: SetupOptions = {},
  ): Promise<Setup & { clock: VirtualClock }> => {
    const runtime = virtualClock()
    const setup = await connect(createClient, {
      client: { retryAttempts: 0 },
      ...options,
      runtime,
      session: { ...session, runtime },
    })
    return { ...setup, clock: runtime }
  }
  const inits = ({ server }: Setup, count: number): Promise<void> =>
    vi.waitFor(() => expect(server.inits).toHaveLength(count), { timeout: 4_000, interval: 5 })
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))

  test('a minute before its token ends, a socket is left for one with a new token', async () => {
    const setup = await start()
    const { server, session, clock, tokens, subscribe, subscribed } = setup
    const { values } = subscribe()
    await subscribed()
    await clock.advance(hour - minute - 1)
    expect(session.refreshes()).toBe(0)

    await clock.advance(1)
    await inits(setup, 2)
    await subscribed()
    server.tick(1)
    await vi.waitFor(() => expect(values).toEqual([1]))
    expect(tokens()).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(session.refreshes()).toBe(1)
    expect(server.closes).toEqual([{ code: 1000, reason: '' }])
  })

  test('and so on, token after token', async () => {
    const setup = await start({}, { renewBeforeMs: 5 * minute })
    setup.subscribe()
    for (const count of [1, 2, 3]) {
      await inits(setup, count)
      await setup.subscribed()
      await setup.clock.advance(hour - 5 * minute)
    }
    await inits(setup, 4)
    expect(setup.session.refreshes()).toBe(3)
  })

  test('of a short lifetime at most a fifth is given away', async () => {
    const setup = await start({ lifetimeMs: minute })
    setup.subscribe()
    await setup.subscribed()
    await setup.clock.advance(0.8 * minute - 1)
    expect(setup.session.refreshes()).toBe(0)
    await setup.clock.advance(1)
    await inits(setup, 2)
  })

  test('a token that another client has refreshed is taken over without a refresh', async () => {
    const setup = await start()
    setup.subscribe()
    await setup.subscribed()
    await setup.policy.refresh()
    await inits(setup, 2)
    expect(setup.tokens()).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(setup.session.refreshes()).toBe(1)
  })

  test('a token that another tab has stored is taken over without a refresh', async () => {
    const setup = await start()
    setup.subscribe()
    await setup.subscribed()
    await setup.clock.advance(hour / 2)
    setup.session.signIn('alice')
    await setup.clock.advance(hour / 2 - minute)
    await inits(setup, 2)
    expect(setup.tokens()).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(setup.session.refreshes()).toBe(0)
  })

  test('a refresh that fails is tried again for as long as it takes, and the socket stays', async () => {
    const setup = await start({}, { policy: { retryMaxMs: 5_000 } })
    const { server, session, clock, policy, subscribe, subscribed } = setup
    const pass = async (): Promise<void> => {
      await clock.advance(1_000)
      await new Promise((resolve) => setTimeout(resolve, 8))
    }
    subscribe()
    await subscribed()
    session.failWith(new TokenError('offline', 'No network. Try again later.'))
    await clock.advance(hour - minute)
    // Half a minute beyond the end of the token: it is for the server to close.
    for (let i = 0; i < 90; i++) await pass()
    expect(policy.snapshot().error?.code).toBe('offline')
    expect(server.closes).toEqual([])
    expect(server.inits).toHaveLength(1)

    session.failWith(undefined)
    for (let i = 0; i < 60 && server.inits.length < 2; i++) await pass()
    await inits(setup, 2)
  })

  test('a refresh that comes to nothing moves no socket', async () => {
    const setup = await start()
    const release = setup.session.holdRefreshes()
    const late = setup.policy.refresh()
    await vi.waitFor(() => expect(setup.session.refreshes()).toBe(1))
    // Another tab was faster.
    setup.session.signIn('alice')
    setup.subscribe()
    await setup.subscribed()
    release()
    expect((await late).value).toBe('token-2')
    await settle()
    expect(setup.tokens()).toEqual(['Bearer token-2'])
  })

  test('a session that has ended ends the subscriptions with the typed error', async () => {
    const setup = await start()
    const { end } = setup.subscribe()
    await setup.subscribed()
    setup.session.failWith(new TokenError('session-revoked', 'The session was ended. Sign in.'))
    await setup.clock.advance(hour - minute)
    expect(findTokenError(await end)?.code).toBe('session-revoked')
  })

  test('a sign-out leaves the socket of that user', async () => {
    const setup = await start()
    const { end } = setup.subscribe()
    await setup.subscribed()
    setup.session.signOut()
    expect(findTokenError(await end)?.code).toBe('signed-out')
    expect(setup.tokens()).toEqual(['Bearer token-1', undefined])
  })

  test('so does a sign-out where nothing may be sent without a token', async () => {
    const setup = await start({}, { policy: { whenSignedOut: 'refuse' } })
    const { end } = setup.subscribe()
    await setup.subscribed()
    setup.session.signOut()
    expect(findTokenError(await end)?.code).toBe('signed-out')
    expect(setup.tokens()).toEqual(['Bearer token-1'])
  })

  test('a change of user moves the subscriptions to a socket of the new one', async () => {
    const setup = await start()
    setup.subscribe()
    await setup.subscribed()
    setup.session.signIn('bob')
    await inits(setup, 2)
    expect(setup.tokens()).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(setup.session.refreshes()).toBe(0)
  })

  test('a change of user during a refresh moves them once', async () => {
    const setup = await start()
    setup.subscribe()
    await setup.subscribed()
    let closes = 0
    setup.client.on('closed', () => closes++)
    setup.session.holdRefreshes()
    const refreshed = setup.policy.refresh()
    await vi.waitFor(() => expect(setup.session.refreshes()).toBe(1))
    setup.session.signIn('bob')
    await expect(refreshed).rejects.toMatchObject({ code: 'user-changed' })
    await inits(setup, 2)
    await settle()
    expect(closes).toBe(1)
    expect(setup.tokens()).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test('a mutation in flight is waited for, and sent once', async () => {
    const setup = await start()
    const { server, policy, subscribe, subscribed, tokens } = setup
    subscribe()
    const { values, end } = subscribe('mutation { slow(item: "tea") }')
    await subscribed()
    await vi.waitFor(() => expect(server.orders).toEqual(['tea']))
    await policy.refresh()
    await settle()
    expect(tokens()).toEqual(['Bearer token-1'])

    expect(await end).toBeUndefined()
    await inits(setup, 2)
    expect(values).toEqual(['tea'])
    expect(server.orders).toEqual(['tea'])
  })

  test('so is one that ends in an error, and one that nobody waits for any longer', async () => {
    const setup = await start()
    const { policy, subscribe, subscribed, tokens } = setup
    subscribe()
    await subscribed()
    const invalid = subscribe('mutation { nothing }')
    expect(await invalid.end).toMatchObject([
      { message: expect.stringContaining('nothing') as unknown },
    ])
    const dropped = subscribe('mutation { slow(item: "tea") }')
    await settle()
    await policy.refresh()
    await settle()
    expect(tokens()).toEqual(['Bearer token-1'])
    dropped.stop()
    await inits(setup, 2)
  })

  test('a socket that the server closes with a mutation in flight is not opened again by us', async () => {
    const setup = await start()
    const { server, session, subscribe, subscribed } = setup
    subscribe()
    const { end } = subscribe('mutation { slow(item: "tea") }')
    await subscribed()
    await vi.waitFor(() => expect(server.orders).toEqual(['tea']))
    for (const socket of server.sockets()) socket.close(4403, 'Token expired')
    expect(await end).toMatchObject({ code: 4403 })
    expect(server.orders).toEqual(['tea'])
    expect(session.refreshes()).toBe(1)
  })

  test('terminate() reconnects as before, also while a refusal is being cured', async () => {
    const setup = await start({}, { client: { retryAttempts: 5 } })
    const { server, session, client, subscribe, subscribed } = setup
    const { values } = subscribe()
    await subscribed()
    client.terminate()
    await inits(setup, 2)
    await subscribed()

    const release = session.holdRefreshes()
    for (const socket of server.sockets()) socket.close(4403, 'Try again')
    await vi.waitFor(() => expect(session.refreshes()).toBe(1))
    client.terminate()
    await inits(setup, 3)
    await subscribed()
    release()
    await inits(setup, 4)
    await subscribed()
    await settle()
    server.tick(1)
    await vi.waitFor(() => expect(values).toEqual([1]))
    const one = 'Bearer token-1'
    expect(setup.tokens()).toEqual([one, one, one, 'Bearer token-2'])
    expect(server.sockets()).toHaveLength(1)
  })

  test('a closed socket leaves no timer and no listener behind', async () => {
    const setup = await start({}, { client: { retryAttempts: 5 } })
    const { server, clock, policy, client, listeners, subscribe, subscribed } = setup
    const { stop } = subscribe()
    await subscribed()
    // A socket that is stuck, as terminate() is for, says nothing of its end.
    server.sockets()[0]?.pause()
    client.terminate()
    await inits(setup, 2)
    await subscribed(2)
    expect([clock.pending, listeners()]).toEqual([1, 1])
    server.sockets()[0]?.resume()
    stop()
    await vi.waitFor(() => expect(server.sockets()).toEqual([]))
    await vi.waitFor(() => expect([clock.pending, listeners()]).toEqual([0, 0]))
    await policy.refresh()
    await settle()
    expect(server.inits).toHaveLength(2)
    expect(clock.pending).toBe(0)
  })

  test('an error of a socket that was left concerns nobody', async () => {
    const setup = await start()
    const { server, policy, subscribe, subscribed } = setup
    const { values } = subscribe()
    await subscribed()
    // Keeps the closing handshake waiting, and breaks it off with bytes that are no frame.
    server.sockets()[0]?.pause()
    await policy.refresh()
    await inits(setup, 2)
    server.connections[0]?.write(Buffer.from([0xff, 0xff]))
    await settle()
    server.tick(1)
    await vi.waitFor(() => expect(values).toEqual([1]))
  })

  test('a disposed policy is no longer watched', async () => {
    const setup = await start()
    setup.subscribe()
    await setup.subscribed()
    setup.policy.dispose()
    expect(setup.clock.pending).toBe(0)
    expect(setup.server.sockets()).toHaveLength(1)
  })

  test('a socket that closes while its token is waited for is forgotten', async () => {
    let answer = (_own: Record<string, unknown>): void => {}
    const connectionParams = (): Promise<Record<string, unknown>> =>
      new Promise((resolve) => (answer = resolve))
    const setup = await start(
      {},
      { initWaitMs: 20, client: { retryAttempts: 0, connectionParams } },
    )
    const { end } = setup.subscribe()
    expect(await end).toMatchObject({ code: 4408 })
    answer({})
    await settle()
    expect(setup.clock.pending).toBe(0)
    expect(setup.tokens()).toEqual([])
  })

  test('what fails on a socket that is closed already harms no other', async () => {
    let answer = (_own: Record<string, unknown>): void => {}
    let sockets = 0
    const setup = await start(
      {},
      {
        initWaitMs: 20,
        client: {
          retryAttempts: 100,
          connectionParams: () =>
            sockets++ ? {} : new Promise<Record<string, unknown>>((resolve) => (answer = resolve)),
        },
        toConnectionParams({ name, value }, { late }) {
          if (late) throw new Error('Too late')
          return { [name]: value }
        },
      },
    )
    const { values } = setup.subscribe()
    await setup.subscribed()
    answer({ late: true })
    await settle()
    setup.server.tick(1)
    await vi.waitFor(() => expect(values).toEqual([1]))
    expect(setup.server.sockets()).toHaveLength(1)
  })

  test('a lifetime beyond the longest timer is waited for in steps', async () => {
    const setup = await start({ lifetimeMs: 60 * 24 * hour })
    setup.subscribe()
    await setup.subscribed()
    await setup.clock.advance(60 * 24 * hour - minute - 1)
    expect(setup.session.refreshes()).toBe(0)
    await setup.clock.advance(1)
    await inits(setup, 2)
  })

  test('a client that is not lazy is served as well', async () => {
    const setup = await start({}, { client: { lazy: false, retryAttempts: 0 } })
    await inits(setup, 1)
    await setup.clock.advance(hour - minute)
    await inits(setup, 2)
    expect(setup.tokens()).toEqual(['Bearer token-1', 'Bearer token-2'])
  })
})
