import { describe, expect, test, vi } from 'vitest'

describe('the entry point', () => {
  // First, while nothing of core has been imported here.
  test('does nothing when it is imported: no timer, no listener, no global', async () => {
    const globals = (): unknown[] => Reflect.ownKeys(globalThis)
    const touched: string[] = []
    const watched = [
      'setTimeout',
      'setInterval',
      'setImmediate',
      'queueMicrotask',
      'fetch',
      'addEventListener',
      'BroadcastChannel',
    ]
    for (const name of watched)
      vi.stubGlobal(name, () => {
        touched.push(name)
      })
    vi.spyOn(process, 'on').mockImplementation((event) => (touched.push(String(event)), process))
    vi.spyOn(Math, 'random').mockImplementation(() => (touched.push('random'), 0))
    vi.spyOn(Date, 'now').mockImplementation(() => (touched.push('now'), 0))
    const before = globals()
    try {
      vi.resetModules()
      const { createPolicy } = await import('./index.ts')
      expect(createPolicy).toBeTypeOf('function')
      expect(globals()).toEqual(before)
    } finally {
      vi.unstubAllGlobals()
      vi.restoreAllMocks()
    }
    expect(touched).toEqual([])
  })

  test('exports these values and no others', async () => {
    const exported = await import('./index.ts')
    const kinds = Object.entries(exported).map(([name, value]) => [name, typeof value])
    expect(Object.fromEntries(kinds)).toEqual({
      createPolicy: 'function',
      findTokenError: 'function',
      isTokenError: 'function',
      jwtToken: 'function',
      platform: 'object',
      retryAfter: 'function',
      sharePolicy: 'function',
      TokenError: 'function',
    })
  })
})
