import { mock } from 'node:test'
import { createProvider, type Provider } from './provider.ts'
import { adapterOver, type World } from './world.ts'

/** A world in one process, on a clock that is advanced by hand: what it shows has no noise. */
export interface VirtualWorld extends World {
  readonly provider: Provider
  /** Lets time pass in steps, so that everything that waits for promises runs in between. */
  advance(ms: number, stepMs?: number): Promise<void>
  close(): void
}

const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** Starts a virtual world whose session has a token of this age. */
export const virtualWorld = (conduct: Partial<Provider['conduct']>, ageMs = 0): VirtualWorld => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 0, 1, 9) })
  const provider = createProvider(() => Date.now())
  Object.assign(provider.conduct, conduct)
  const fetch: World['fetch'] = async (input, init) => {
    const request = new Request(input, init)
    const { pathname } = new URL(request.url)
    const authorization = request.headers.get('authorization') ?? undefined
    const { method } = request
    const { status, body, latencyMs } = provider.answer({
      method,
      path: pathname,
      authorization,
      body: await request.text(),
    })
    if (latencyMs) await new Promise((resolve) => void setTimeout(resolve, latencyMs))
    return new Response(body, { status, headers: { 'content-type': 'application/json' } })
  }
  return {
    origin: 'http://localhost',
    fetch,
    adapter: adapterOver(fetch),
    tokens: provider.issue(ageMs),
    provider,
    async advance(ms, stepMs = ms) {
      for (let passed = 0; passed < ms; passed += stepMs) {
        mock.timers.tick(Math.min(stepMs, ms - passed))
        await settle()
      }
    },
    close: () => mock.timers.reset(),
  }
}
