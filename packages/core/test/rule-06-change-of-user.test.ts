import { describe, expect, test } from 'vitest'
import { send, sentToken } from './request.ts'
import { minute, scene, second, url } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch } from './watch.ts'

expectNothingUnhandled()

describe('rule 6: no token of a former user is sent', () => {
  test('a provider that answers for somebody else signs that user in, and keeps the token', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    const bobs = own.mint({ identity: 'bob' })
    own.provider = async () => bobs
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(second)
    expect(waiting.code).toBe('user-changed')
    expect(own.stored).toBe(bobs)
    expect(sentToken(send(own.policy))).toBe(bobs.value)
    expect(own.refreshes()).toMatchObject([{ outcome: 'dropped' }])
  })

  test('also when that token was issued before the one of the former user', async () => {
    const own = scene()
    send(own.policy)
    const bobs = own.mint({ identity: 'bob', issuedAt: own.clock.now() - minute })
    own.provider = async () => bobs
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(second)
    expect(waiting.code).toBe('user-changed')
    expect(sentToken(send(own.policy))).toBe(bobs.value)
  })

  test('but not after a sign-out: nobody is signed in by what was asked for before', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = async () => {
      own.stored = undefined
      return own.mint({ identity: 'bob' })
    }
    const waiting = watch(own.policy.token())
    await own.clock.advance(0)
    expect(waiting.code).toBe('signed-out')
    expect(own.stored).toBeUndefined()
    expect(own.policy.snapshot().expiresAt).toBeUndefined()
  })

  test('also when a listener asks for the token in the middle of it, and the store fails', async () => {
    const own = scene({
      source: {
        store: () => {
          throw new Error('quota exceeded')
        },
      },
    })
    send(own.policy)
    const seen: (string | undefined)[] = []
    own.policy.subscribe(({ type }) => {
      if (type === 'session') seen.push(sentToken(send(own.policy)))
    })
    const bobs = own.mint({ identity: 'bob' })
    own.provider = async () => bobs
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(second)
    expect(waiting.code).toBe('user-changed')
    expect([...seen, sentToken(send(own.policy))]).toEqual([bobs.value, bobs.value])
  })
})
