// @vitest-environment happy-dom
import { createPolicy, type AccessToken, type Policy } from '@unexpired/core'
import { act, createElement, StrictMode, type ReactNode } from 'react'
import { createRoot, hydrateRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useSession, type SessionPolicy } from './index.ts'

let roots: Root[] = []
let policies: Policy[] = []
const complaints = vi.spyOn(console, 'error')

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
  complaints.mockReset()
})

afterEach(async () => {
  await act(async () => roots.forEach((root) => root.unmount()))
  for (const policy of policies) policy.dispose()
  roots = []
  policies = []
  document.body.replaceChildren()
})

/** A policy whose store the test holds in its hands, and whose provider is out of reach. */
const makePolicy = (stored: { token?: AccessToken } = {}): Policy => {
  const refresh = async (): Promise<AccessToken> => {
    throw new TypeError('fetch failed')
  }
  const policy = createPolicy({
    source: { name: 'test', read: () => stored.token, refresh },
    origins: ['https://api.example.com'],
    retryBaseMs: 60_000,
  })
  policies.push(policy)
  return policy
}

const token = (value: string, lastsMs: number): AccessToken => ({
  value,
  expiresAt: Date.now() + lastsMs,
})

const Status = ({ policy }: { policy: SessionPolicy }): ReactNode =>
  createElement('p', null, useSession(policy).status)

const page = (policy: SessionPolicy): ReactNode => createElement(Status, { policy })

const makeRoom = (html = ''): HTMLElement => {
  const room = document.createElement('main')
  room.innerHTML = html
  document.body.append(room)
  return room
}

const show = async (content: ReactNode): Promise<HTMLElement> => {
  const room = makeRoom()
  const root = createRoot(room)
  roots.push(root)
  await act(async () => root.render(content))
  return room
}

const ask = (policy: Policy): Promise<void> =>
  act(async () => {
    await Promise.resolve(policy.token()).catch(() => {})
  })

test('shows what the policy knows, and each change of it', async () => {
  const stored: { token?: AccessToken } = {}
  const policy = makePolicy(stored)
  const room = await show(page(policy))
  expect(room.textContent).toBe('unknown')

  await ask(policy)
  expect(room.textContent).toBe('signed-out')

  stored.token = token('first', 3600_000)
  await ask(policy)
  expect(room.textContent).toBe('fresh')

  // With a good token offline would not show.
  stored.token = token('ended', -1)
  const other = makePolicy(stored)
  const second = await show(page(other))
  await ask(other)
  expect(second.textContent).toBe('offline')
})

test('the server writes unknown, whatever the policy knows there', async () => {
  const policy = makePolicy({ token: token('first', 3600_000) })
  await policy.token()
  expect(policy.snapshot().status).toBe('fresh')
  expect(renderToString(page(policy))).toBe('<p>unknown</p>')
})

test('a page is hydrated without a mismatch, and then shows what the policy knows', async () => {
  const policy = makePolicy({ token: token('first', 3600_000) })
  const room = makeRoom(renderToString(page(policy)))
  const written = room.firstChild
  await policy.token()
  const mismatches: unknown[] = []
  await act(async () => {
    roots.push(
      hydrateRoot(room, page(policy), { onRecoverableError: (error) => mismatches.push(error) }),
    )
  })
  expect(mismatches).toEqual([])
  expect(complaints).not.toHaveBeenCalled()
  expect(room.firstChild).toBe(written)
  expect(room.textContent).toBe('fresh')
})

test('a hook that begins with what the browser knows would not be hydrated', async () => {
  const policy = makePolicy({ token: token('first', 3600_000) })
  const Naive = (): ReactNode => createElement('p', null, policy.snapshot().status)
  const room = makeRoom(renderToString(createElement(Naive)))
  await policy.token()
  const mismatches: unknown[] = []
  await act(async () => {
    roots.push(
      hydrateRoot(room, createElement(Naive), {
        onRecoverableError: (error) => mismatches.push(error),
      }),
    )
  })
  expect(mismatches).toHaveLength(1)
})

test('listens once for each component, and no longer than it is shown', async () => {
  const policy = makePolicy()
  let listening = 0
  const counted: SessionPolicy = {
    snapshot: policy.snapshot,
    subscribe(listener) {
      listening++
      const stop = policy.subscribe(listener)
      return () => {
        listening--
        stop()
      }
    },
  }
  await show(createElement(StrictMode, null, page(counted)))
  expect(listening).toBe(1)
  await ask(policy)
  expect(listening).toBe(1)
  await act(async () => roots.forEach((root) => root.unmount()))
  expect(listening).toBe(0)
})

test('another policy is followed instead', async () => {
  const [first, second] = [makePolicy(), makePolicy({ token: token('b', 3600_000) })]
  const room = await show(page(first))
  await ask(first)
  expect(room.textContent).toBe('signed-out')
  await act(async () => roots[0]?.render(page(second)))
  await ask(second)
  expect(room.textContent).toBe('fresh')
})

test('does not render again where nothing has changed', async () => {
  const policy = makePolicy({ token: token('first', 3600_000) })
  let renders = 0
  const Counted = (): ReactNode => {
    renders++
    return useSession(policy).status
  }
  await show(createElement(Counted))
  await ask(policy)
  const before = renders
  await ask(policy)
  await act(async () => policy.recheck())
  expect(renders).toBe(before)
})
