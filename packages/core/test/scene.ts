import { createPolicy } from '../src/index.ts'
import type {
  AccessToken,
  Policy,
  PolicyEvent,
  PolicyOptions,
  RefreshContext,
  TokenSource,
} from '../src/index.ts'
import { virtualClock, type VirtualClock, type VirtualClockOptions } from '@unexpired/testing'

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute

const api = 'https://api.example.com'
export const url = `${api}/me`

/** What the source of a scene keeps: a refresh token beside the access token. */
export interface TestToken extends AccessToken {
  readonly refreshToken: string
}

export interface TokenParts extends Partial<TestToken> {
  /** From now on; an hour by default. */
  readonly lifetimeMs?: number
}

export interface SceneOptions {
  readonly clock?: VirtualClockOptions
  /** What the source has differently, or beside; `undefined` takes a part away. */
  readonly source?: { [K in keyof TokenSource<TestToken>]?: TokenSource<TestToken>[K] | undefined }
  /** Whether the source tells of changes; otherwise it is read before each request. */
  readonly subscribes?: boolean
  readonly options?: Partial<PolicyOptions<TestToken>>
  /** What the store shows at first; `null` for nobody. By default a token of alice with an hour to live. */
  readonly stored?: TokenParts | null
}

export interface Scene {
  readonly clock: VirtualClock
  readonly policy: Policy
  /** What each call of the source's `refresh` was told. */
  readonly calls: RefreshContext<TestToken>[]
  readonly events: PolicyEvent[]
  /** How often the store was read. */
  readonly reads: number
  /** How many listen to the source. */
  readonly subscriptions: number
  /** What the store shows; set it for a change that nobody tells of. */
  stored: TestToken | undefined
  /** How the identity provider answers: with a new token for alice, unless set. */
  provider: (context: RefreshContext<TestToken>) => Promise<TestToken>
  /** A token that nobody has seen before, issued now: by the clock of the provider, which never jumps. */
  mint(parts?: TokenParts): TestToken
  /** Changes the store, and tells those who listen. */
  change(token: TestToken | undefined): void
  /** The `refresh` events so far. */
  refreshes(): (PolicyEvent & { type: 'refresh' })[]
}

/** One policy on a virtual clock, a store that the test sees into, and a provider that does as it is told. */
export const scene = (setup: SceneOptions = {}): Scene => {
  const clock = virtualClock(setup.clock)
  const start = clock.now()
  const calls: RefreshContext<TestToken>[] = []
  const events: PolicyEvent[] = []
  const listeners = new Set<() => void>()
  let minted = 0
  let reads = 0

  const mint = ({ lifetimeMs = hour, ...parts }: TokenParts = {}): TestToken => {
    minted += 1
    const now = start + clock.monotonic()
    return {
      value: `secret-access-${minted}`,
      refreshToken: `secret-refresh-${minted}`,
      identity: 'alice',
      issuedAt: now,
      expiresAt: now + lifetimeMs,
      ...parts,
    }
  }

  const source = {
    name: 'test',
    read: () => {
      reads += 1
      return own.stored
    },
    refresh: (context: RefreshContext<TestToken>) => {
      calls.push(context)
      return own.provider(context)
    },
    store: (token: TestToken) => {
      own.stored = token
    },
    ...(setup.subscribes && {
      subscribe: (onChange: () => void) => {
        listeners.add(onChange)
        return () => void listeners.delete(onChange)
      },
    }),
    ...setup.source,
  } as TokenSource<TestToken>

  const policy = createPolicy({ source, origins: [api], runtime: clock, ...setup.options })
  policy.subscribe((event) => events.push(event))

  const own: Scene = {
    clock,
    policy,
    calls,
    events,
    get reads() {
      return reads
    },
    get subscriptions() {
      return listeners.size
    },
    stored: setup.stored === null ? undefined : mint(setup.stored),
    provider: async () => mint(),
    mint,
    change(token) {
      own.stored = token
      for (const onChange of listeners) onChange()
    },
    refreshes: () => events.filter((event) => event.type === 'refresh'),
  }
  return own
}
