import { createPolicy } from '@unexpired/core'
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
import type { IdpToken } from '../idp/session-ledger.ts'
import { wait as elapse } from '../idp/wait.ts'
import type { Freezer } from './freezer.ts'
import type { RuleBook, TabWatch } from './rule-book.ts'
import type { World } from './schedule.ts'

/** What makes a policy; a wrong core can be given instead of the right one. */
export type CreatePolicy = (options: PolicyOptions<IdpToken>) => Policy

/** What a tab of the simulation stands on. */
export interface TabContext {
  readonly index: number
  readonly world: World
  readonly idp: ScriptedIdp
  readonly clock: Runtime
  readonly freezer: Freezer
  readonly source: TokenSource<IdpToken>
  readonly coordinator: Coordinator | undefined
  readonly rules: RuleBook
  readonly create?: CreatePolicy | undefined
}

/** One tab: a policy, and the callers in it. */
export interface SimulatedTab {
  readonly policy: Policy
  readonly watch: TabWatch
  readonly isDisposed: boolean
  token(abortMs: number | undefined): void
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

  const watched: TokenSource<IdpToken> = {
    ...source,
    read: () => source.read(),
    refresh(asked) {
      watch.refreshStarts(asked)
      if (world.callsBack) void Promise.resolve(policy.token()).catch(() => {})
      const ended = watch.refreshEnds(asked)
      try {
        const answer = freezer.thawed(source.refresh(asked))
        answer.then(ended.refreshed, ended.failed)
        return answer
      } catch (error) {
        ended.failed(error)
        throw error
      }
    },
    store(token, options) {
      watch.stores(token)
      return source.store?.(token, options)
    },
  }
  const policy = create({
    source: watched,
    origins: [api],
    runtime: freezer.runtime,
    keepFresh: world.keepFresh,
    coordinator,
  })
  policy.subscribe((event) => {
    watch.event(event)
    if (world.listenersThrow) throw new Error('A listener threw.')
  })

  /** Follows one wait to its end: how it ends is checked, and that it does. */
  const follow = <R>(
    what: string,
    abortMs: number | undefined,
    ask: (signal: AbortSignal | undefined) => R | Promise<R>,
    onValue: (value: R) => void,
  ): void => {
    const abort = abortMs === undefined ? undefined : new AbortController()
    const reason = new Error(`caller of tab ${index} left`)
    if (abort) clock.setTimeout(() => abort.abort(reason), abortMs ?? 0)
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
      onValue(asked)
      return
    }
    wait.pending()
    void asked.then(
      (value) => {
        wait.answered(undefined)
        onValue(value)
      },
      (error: unknown) => wait.answered(error),
    )
  }

  const send = async (header: AuthHeader | undefined, answerMs: number): Promise<number> => {
    await elapse(clock, answerMs / 2)
    const token = header?.value.replace(/^Bearer /, '')
    const status = token && idp.check(token).status === 'valid' ? 200 : 401
    if (token && status === 401) watch.refused(token)
    await elapse(clock, answerMs / 2)
    return status
  }

  return {
    policy,
    watch,
    get isDisposed() {
      return isDisposed
    },
    token(abortMs) {
      follow(
        'token()',
        abortMs,
        (signal) => policy.token({ signal }),
        (token) => {
          held = token
          watch.handedOut(token)
        },
      )
    },
    request({ answerMs, abortMs, elsewhere, oneShot }) {
      const url = `${elsewhere ? 'https://elsewhere.example.com' : api}/work`
      follow(
        'authorize()',
        abortMs,
        (signal) => policy.authorize({ url, signal }),
        (header) => {
          if (elsewhere && header) watch.violate(10, 'a token for an origin that is not named')
          if (header) watch.leaves(header.value.replace(/^Bearer /, ''))
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
                if (again.value === header?.value)
                  watch.violate(2, 'the refused token was given to replay with')
                watch.leaves(again.value.replace(/^Bearer /, ''))
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
    },
  }
}
