import { describe, expect, test } from 'vitest'
import { never } from './provider.ts'
import { refuse, send, sentToken } from './request.ts'
import { scene, url } from './scene.ts'

describe('rule 10: bound origins', () => {
  test.each([
    'https://evil.example/',
    'https://api.example.com.evil.example/',
    'https://api.example.com@evil.example/',
    'https://evil.example/https://api.example.com/',
    'http://api.example.com/',
    'https://api.example.com:8443/',
    'https://sub.api.example.com/',
    '//api.example.com/',
    '/me',
    'me',
    '',
    'blob:https://api.example.com/1b2c',
    'data:text/plain,https://api.example.com/',
    'javascript:https://api.example.com/',
    'not a url',
  ])('nothing goes to %s, and the source is not even asked', (elsewhere) => {
    const own = scene({ source: { read: never } })
    expect(own.policy.covers(elsewhere)).toBe(false)
    expect(own.policy.authorize({ url: elsewhere })).toBeUndefined()
    const response = new Response(null, { status: 401 })
    expect(own.policy.recover({ url: elsewhere, rejected: undefined, response })).toBeUndefined()
    expect(own.clock.pending).toBe(0)
  })

  test('a refusal by another origin, after a redirect, is answered with nothing', async () => {
    const own = scene()
    const elsewhere = (to: string): Response =>
      Object.defineProperty(new Response(null, { status: 401 }), 'url', { value: to })
    for (const to of [
      'https://evil.example/',
      'https://api.example.com:8443/me',
      'http://api.example.com/me',
    ]) {
      expect(
        own.policy.recover({ url, rejected: send(own.policy), response: elsewhere(to) }),
      ).toBeUndefined()
    }
    expect(own.calls).toEqual([])
    const replay = refuse(own.policy, send(own.policy), {
      response: elsewhere('https://api.example.com/elsewhere/on/the/same'),
    })
    await own.clock.advance(0)
    expect(sentToken(replay.value)).toBe('secret-access-2')
  })

  test('the origin of the page is named self, and relative addresses are of the page', () => {
    const own = scene({
      clock: { baseUrl: 'https://app.example/deep/page?q#h' },
      options: { origins: ['self'] },
    })
    expect(own.policy.covers('/api')).toBe(true)
    expect(own.policy.covers('api')).toBe(true)
    expect(own.policy.covers('https://app.example/')).toBe(true)
    expect(own.policy.covers('//evil.example/api')).toBe(false)
    expect(own.policy.covers('http://app.example/')).toBe(false)
    expect(own.policy.covers('https://api.example.com/')).toBe(false)
  })

  test('relative addresses are covered on a page of a named origin, and not by a policy for another', () => {
    const clock = { baseUrl: 'https://app.example/' }
    expect(scene({ clock }).policy.covers('/me')).toBe(false)
    expect(
      scene({ clock, options: { origins: ['https://app.example'] } }).policy.covers('/me'),
    ).toBe(true)
    expect(scene({ clock }).policy.covers('//api.example.com/me')).toBe(true)
  })

  test('a redirect that leaves the page’s origin is seen for relative addresses, too', () => {
    const own = scene({
      clock: { baseUrl: 'https://app.example/' },
      options: { origins: ['self'] },
    })
    const response = Object.defineProperty(new Response(null, { status: 401 }), 'url', {
      value: 'https://evil.example/',
    })
    expect(own.policy.recover({ url: '/me', rejected: undefined, response })).toBeUndefined()
  })

  test.each([
    ['http://app.example/', 'plain http'],
    ['file:///home/index.html', 'a file'],
    ['about:blank', 'no page at all'],
    ['data:text/html,x', 'a data URL'],
  ])('self is nobody on %s: %s', (baseUrl) => {
    const { policy } = scene({ clock: { baseUrl }, options: { origins: ['self'] } })
    expect(policy.covers('/me')).toBe(false)
    expect(policy.covers(baseUrl)).toBe(false)
  })

  test('self is nobody where there is no page, and loopback needs no TLS', () => {
    expect(scene({ options: { origins: ['self'] } }).policy.covers('https://app.example/')).toBe(
      false,
    )
    const onLoopback = scene({
      clock: { baseUrl: 'http://localhost:5173/' },
      options: { origins: ['self'] },
    })
    expect(onLoopback.policy.covers('/api')).toBe(true)
    expect(onLoopback.policy.covers('http://localhost:5174/api')).toBe(false)
  })

  test('plain http is allowed for loopback, or by name', () => {
    const { policy } = scene({
      options: {
        origins: [
          'http://localhost:3000',
          'http://127.0.0.1',
          'http://[::1]:80',
          'http://dev.localhost',
        ],
        insecureOrigins: ['http://intranet.example'],
      },
    })
    for (const covered of [
      'http://localhost:3000/x',
      'http://127.0.0.1/',
      'http://[::1]/',
      'http://dev.localhost/x',
      'http://intranet.example/x',
    ])
      expect([covered, policy.covers(covered)]).toEqual([covered, true])
    for (const elsewhere of [
      'http://localhost/',
      'https://localhost:3000/',
      'https://intranet.example/',
    ])
      expect([elsewhere, policy.covers(elsewhere)]).toEqual([elsewhere, false])
  })
})
