import { createPolicy, findTokenError } from '@unexpired/core'
import type {
  AccessToken,
  AuthHeader,
  Coordinator,
  Policy,
  PolicyOptions,
  Runtime,
  TokenSource,
} from '@unexpired/core'
import type { ScriptedIdp } from '../idp/scripted-idp.ts'
import { wait as elapse } from '../idp/wait.ts'
import type { Freezer } from './freezer.ts'
import type { RuleBook } from './rule-book.ts'
import type { World } from './schedule.ts'
import type { TabWatch } from './tab-watch.ts'
import type { Wait } from './wait-watch.ts'

/** What makes a policy; a wrong core can be given instead of the right one. */
export type CreatePolicy = <T extends AccessToken>(options: PolicyOptions<T>) => Policy

/** What a tab of the simulation stands on. */
export interface TabContext {
  readonly index: number
  readonly world: World
  readonly idp: ScriptedIdp
  /** Whether the API refuses every token now. */
  readonly refusesAll: () => boolean
  readonly clock: Runtime
  readonly freezer: Freezer
  readonly source: TokenSource
  readonly coordinator: Coordinator | undefined
  readonly rules: RuleBook
  readonly create?: CreatePolicy | undefined
}

/** One tab: a policy, and the callers in it. */
export interface SimulatedTab {
  readonly policy: Policy
  readonly watch: TabWatch
  readonly isDisposed: boolean
  token(abortMs: number | undefined, insist: boolean | undefined): void
  request(options: {
    answerMs: number
    abortMs?: number | undefined
    elsewhere?: boolean | undefined
    oneShot?: boolean | undefined
  }): void
  refresh(ifCurrent: boolean): void
  dispose(): void
}

const api = 'https://api.example.com'

/** Opens a tab. */
export const openTab = (context: TabContext): SimulatedTab => {
  const { index, world, idp, clock, freezer, source, coordinator, rules } = context
  const create: CreatePolicy = context.create ?? createPolicy
  const watch = rules.tab(index)
  let isDisposed = false
  let held: AccessToken | undefined

  /** An error as some clients make them: it quotes the request that it is about. */
  const quoting = (error: unknown, previous: AccessToken | undefined): unknown => {
    const known = findTokenError(error)
    return world.errorsQuote && previous && !(known && /signed-out|offline/.test(known.kind))
      ? new Error(`POST /token with ${previous.value} failed`)
      : error
  }

  const watched: TokenSource = {
    ...source,
    read: () => {
      watch.reads()
      return source.read()
    },
    refresh(asked) {
      const ended = watch.refreshStarts(asked)
      if (ended.isTooMuch) return new Promise(() => {})
      if (world.callsBack) void Promise.resolve(policy.token()).catch(() => {})
      try {
        const answer = freezer.thawed(source.refresh(asked)).catch((error: unknown) => {
          throw quoting(error, asked.previous)
        })
        answer.then(ended.refreshed, ended.failed)
        return answer
      } catch (error) {
        ended.failed(error)
        throw error
      }
    },
    ...(source.store && {
      store(token, options) {
        const stored = watch.stores(token)
        const storing = source.store?.(token, options)
        if (storing) return storing.then(stored)
        stored()
        return undefined
      },
    }),
    ...(source.clear && {
      async clear(ended) {
        await source.clear?.(ended)
        rules.cleared(ended)
      },
    }),
  }
  const policy = create({
    source: watched,
    origins: [api],
    runtime: freezer.runtime,
    keepFresh: world.keepFresh,
    coordinator,
  })
  watch.snapshot = policy.snapshot
  policy.subscribe((event) => {
    watch.event(event)
    if (world.listenersThrow) throw new Error('A listener threw.')
  })

  /** Follows one wait to its end: how it ends is checked, and that it does. */
  const follow = <R>(
    what: string,
    abortMs: number | undefined,
    ask: (signal: AbortSignal | undefined) => R | Promise<R>,
    onValue: (value: R, wait: Wait) => void,
    onError?: () => void,
  ): void => {
    const abort = abortMs === undefined ? undefined : new AbortController()
    if (abort) {
      const reason = new Error(`caller of tab ${index} left`)
      clock.setTimeout(() => abort.abort(reason), abortMs ?? 0)
    }
    const wait = watch.waitStarts(what, abort?.signal)
    let asked: R | Promise<R>
    try {
      asked = ask(abort?.signal)
    } catch (error) {
      watch.violate(4, `${what} threw instead of rejecting: ${String(error)}`)
      return
    }
    if (!(asked instanceof Promise)) {
      wait.answered(undefined)
      onValue(asked, wait)
      return
    }
    wait.pending()
    void asked.then(
      (value) => {
        wait.answered(undefined)
        onValue(value, wait)
      },
      (error: unknown) => {
        wait.answered(error)
        onError?.()
      },
    )
  }

  const send = async (header: AuthHeader | undefined, answerMs: number): Promise<number> => {
    await elapse(clock, answerMs / 2)
    const token = header?.value.replace(/^Bearer /, '')
    const isGood = token && idp.check(token).status === 'valid' && !context.refusesAll()
    const status = isGood ? 200 : 401
    if (token && !isGood) rules.refused(token)
    await elapse(clock, answerMs / 2)
    return status
  }

  const askForToken = (abortMs: number | undefined, insist: boolean | undefined): void =>
    follow(
      'token()',
      abortMs,
      (signal) => policy.token({ signal }),
      (token, wait) => {
        held = token
        wait.gave(token.value)
        watch.handedOut(token)
      },
      insist && abortMs === undefined ? () => askForToken(undefined, false) : undefined,
    )

  const valueOf = (header: AuthHeader): string => header.value.replace(/^Bearer /, '')

  return {
    policy,
    watch,
    get isDisposed() {
      return isDisposed
    },
    token: askForToken,
    request({ answerMs, abortMs, elsewhere, oneShot }) {
      const url = `${elsewhere ? 'https://elsewhere.example.com' : api}/work`
      follow(
        'authorize()',
        abortMs,
        (signal) => policy.authorize({ url, signal }),
        (header, wait) => {
          if (elsewhere && header) watch.violate(10, 'a token for an origin that is not named')
          if (header) {
            wait.gave(valueOf(header))
            watch.leaves(valueOf(header))
          }
          void freezer.thawed(send(header, answerMs)).then((status) => {
            if (status !== 401) return
            const answered = {
              url,
              rejected: header,
              replayable: !oneShot,
              response: { status, headers: { get: () => null } },
            }
            follow(
              'recover()',
              undefined,
              () => policy.recover(answered),
              (again) => {
                if (!again) return
                if (oneShot)
                  watch.violate(12, 'a body that cannot be sent again was to be replayed')
                watch.replays(valueOf(again), header && valueOf(header))
              },
            )
          })
        },
      )
    },
    refresh(ifCurrent) {
      follow(
        'refresh()',
        undefined,
        () => policy.refresh(ifCurrent && held ? { ifToken: held } : {}),
        watch.handedOut,
      )
    },
    dispose() {
      isDisposed = true
      watch.disposed()
      policy.dispose()
      if (freezer.pending) watch.violate(4, `${freezer.pending} timers are left after dispose`)
    },
  }
}
