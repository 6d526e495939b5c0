import { describe, expect, test } from 'vitest'
import { findTokenError, type Coordinator, type News } from '../src/index.ts'
import { after, never } from './provider.ts'
import { refuse, send } from './request.ts'
import { minute, scene, second, type Scene, type SceneOptions } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch } from './watch.ts'

expectNothingUnhandled()

const ended: SceneOptions = { stored: { lifetimeMs: -minute } }
const failsWith =
  (thrown: unknown) =>
  (own: Scene): void => {
    own.provider = () => Promise.reject(thrown)
  }

/** What `token()` fails with, after the scene was prepared. */
const failureOf = async (setup: SceneOptions, prepare: (own: Scene) => void) => {
  const own = scene(setup)
  prepare(own)
  const waiting = watch(own.policy.token())
  await own.clock.advance(11 * second)
  return findTokenError(waiting.error)
}

describe('a message says what happened, then what to do', () => {
  test.each<[string, SceneOptions, (own: Scene) => void, string]>([
    [
      'offline',
      ended,
      failsWith(new TypeError('fetch failed')),
      'Token source test could not be reached. Check the network, then CORS.',
    ],
    [
      'refresh-failed',
      ended,
      failsWith(new Error('fetch me a coffee')),
      'Token source test failed to refresh. Try again later; cause says why.',
    ],
    [
      'timeout',
      ended,
      (own) => (own.provider = never),
      'Token source test did not answer within 10000 ms. Try again later.',
    ],
    [
      'timeout',
      { source: { read: never } },
      () => {},
      'The store of token source test did not answer in time. Try again later.',
    ],
    [
      'not-newer',
      ended,
      (own) => (own.provider = async () => own.stored!),
      'Token source test gave no newer token. Try again later.',
    ],
    [
      'bad-answer',
      ended,
      (own) => (own.provider = async () => own.mint({ lifetimeMs: -second, issuedAt: undefined })),
      'Token source test gave a token that has ended. Check the clocks, and give issuedAt.',
    ],
    [
      'source-failed',
      { source: { read: () => Promise.reject(new Error('quota')) } },
      () => {},
      'Token source test could not read its tokens. Check its storage.',
    ],
    ['signed-out', { stored: null }, () => {}, 'Nobody is signed in. Show the sign-in page.'],
    [
      'signed-out',
      { subscribes: true },
      (own) => {
        send(own.policy)
        own.change(undefined)
      },
      'The user signed out. Show the sign-in page.',
    ],
    [
      'user-changed',
      { ...ended, subscribes: true },
      (own) => {
        own.provider = () => after(own.clock, second, () => own.mint())
        own.clock.setTimeout(() => own.change(own.mint({ identity: 'bob' })), 500)
      },
      'Another user has signed in. Send the request again if it is still wanted.',
    ],
    ['disposed', {}, (own) => own.policy.dispose(), 'The policy was disposed. Create a new one.'],
  ])('%s', async (code, setup, prepare, message) => {
    expect(await failureOf(setup, prepare)).toMatchObject({ code, message })
  })

  test('what the source or its store has failed with is the cause', async () => {
    const cause = { name: 'Error', message: 'quota' }
    const failing = failsWith(new Error('quota'))
    expect(await failureOf(ended, failing)).toMatchObject({ code: 'refresh-failed', cause })
    const broken = { source: { read: () => Promise.reject(new Error('quota')) } }
    expect(await failureOf(broken, () => {})).toMatchObject({ code: 'source-failed', cause })
    const network = failsWith(Object.assign(new TypeError('network down'), { code: 'E1' }))
    expect(await failureOf(ended, network)).toMatchObject({
      code: 'offline',
      cause: { name: 'TypeError', code: 'E1' },
    })
  })

  test('a request that left before another user signed in', async () => {
    const own = scene({ subscribes: true })
    const header = send(own.policy)
    own.change(own.mint({ identity: 'bob' }))
    const replay = refuse(own.policy, header)
    await own.clock.advance(0)
    expect(replay.error).toMatchObject({
      code: 'user-changed',
      message:
        'Another user has signed in since the request left. Send it again if it is still wanted.',
    })
  })

  test('a token that could not be stored', async () => {
    const own = scene({ ...ended, source: { store: () => Promise.reject(new Error('quota')) } })
    await own.policy.token()
    expect(own.events).toContainEqual({
      type: 'notice',
      message:
        'Token source test could not store its token. It is kept in memory; check the storage.',
    })
  })

  test('another tab was told to wait', () => {
    let tell: ((news: News) => void) | undefined
    const coordinator: Coordinator = {
      exclusive: (_key, job) => job({ stillCurrent: () => true, committed: () => {} }),
      subscribe: (_key, listener) => ((tell = listener), () => {}),
    }
    const own = scene({ options: { coordinator } })
    send(own.policy)
    tell?.({ kind: 'failed', retryAt: own.clock.now() + minute })
    expect(own.policy.snapshot()).toMatchObject({
      retryAt: own.clock.now() + minute,
      error: { code: 'throttled', message: 'Another tab was told to wait. Try again later.' },
    })
  })
})

test('only what an engine says of a failed fetch is taken for one', async () => {
  const codeOf = async (thrown: unknown) => (await failureOf(ended, failsWith(thrown)))?.code
  expect(await codeOf(new TypeError('Load failed'))).toBe('offline')
  expect(await codeOf(new TypeError('undefined is not a function'))).toBe('refresh-failed')
  expect(await codeOf({ name: 'TypeError' })).toBe('refresh-failed')
  expect(await codeOf({ name: 'NetworkError' })).toBe('offline')
})
