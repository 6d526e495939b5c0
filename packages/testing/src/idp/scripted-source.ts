import { findTokenError } from '@unexpired/core'
import type { Runtime, TokenSource } from '@unexpired/core'
import { refreshError } from './refresh-errors.ts'
import type { IdpFault } from './faults.ts'
import type { RefreshDesk } from './refresh-desk.ts'
import type { OpenRecord } from './refresh-log.ts'
import type { IdpToken } from './session-ledger.ts'
import type { TokenStore } from './token-store.ts'
import { unlessAborted, wait } from './wait.ts'

/** How a source reads and keeps what it has. */
export interface ScriptedSourceOptions {
  /** Default `scripted-idp`. */
  readonly name?: string | undefined
  /** How long a read takes, ms; 0 for a promise that is resolved at once. Default: reads are synchronous. */
  readonly readMs?: number | undefined
  /** How long keeping a token takes, ms; 0 for a promise that is resolved at once. Default: it is synchronous. */
  readonly storeMs?: number | undefined
  /** Whether the source tells of changes to the store. Default `true`. */
  readonly subscribe?: boolean | undefined
  /** Whether the session is out of the page's sight, as with an HttpOnly cookie. Default `false`. */
  readonly hiddenSession?: boolean | undefined
}

/** A `TokenSource` of the scripted identity provider, with what a test wants to know about it. */
export interface ScriptedSource extends TokenSource<IdpToken> {
  /** How often the store was read. */
  readonly reads: number
  /** What each part throws from now on; delete a key to mend it. */
  readonly broken: { read?: unknown; store?: unknown; clear?: unknown }
  /** How many listeners are subscribed: 0 after `policy.dispose()`. */
  readonly listeners: number
}

export const scriptedSource = (
  runtime: Runtime,
  desk: RefreshDesk,
  store: TokenStore,
  options: ScriptedSourceOptions,
): ScriptedSource => {
  const {
    name = 'scripted-idp',
    readMs,
    storeMs,
    subscribe = true,
    hiddenSession = false,
  } = options
  const broken: ScriptedSource['broken'] = {}
  const tab = {}
  let reads = 0
  let listeners = 0
  let inMemory: IdpToken | undefined

  const failIf = (part: keyof typeof broken): void => {
    if (part in broken) throw broken[part]
  }
  const visible = (): IdpToken | undefined => {
    const seen = store.seenBy(tab)
    return hiddenSession ? (seen?.identity === inMemory?.identity ? inMemory : undefined) : seen
  }

  const trip = async (
    fault: IdpFault | undefined,
    record: OpenRecord,
    previous: IdpToken | undefined,
  ): Promise<IdpToken> => {
    if (fault?.name === 'rejects') throw fault.error
    const spent = hiddenSession ? store.seenBy(tab) : previous
    if (!spent) throw refreshError('signed-out')
    const answer = await desk.visit(spent.refreshToken, fault, record)
    if (answer.name === 'nothing') return new Promise(() => {})
    if (answer.name === 'failure')
      throw refreshError(
        answer.code,
        answer.retryAfterMs === undefined ? undefined : runtime.now() + answer.retryAfterMs,
      )
    if (fault?.name === 'same-token' && previous)
      return { ...answer.token, value: previous.value, expiresAt: previous.expiresAt }
    if (fault?.name === 'bad-token') return { ...answer.token, value: 'two words\r\nand a line' }
    return answer.token
  }

  return {
    name,
    broken,
    get reads() {
      return reads
    },
    get listeners() {
      return listeners
    },
    ...(hiddenSession && { hiddenSession }),
    read: () => {
      reads += 1
      if (readMs === undefined) return (failIf('read'), visible())
      return wait(runtime, readMs).then(() => (failIf('read'), visible()))
    },
    refresh: ({ reason, previous, signal }) => {
      const fault = desk.faults.take()
      const record = desk.log.open(reason, fault)
      if (fault?.name === 'throws') {
        record.end('failed')
        const error: unknown = fault.error ?? new Error('The source threw, as it was scripted to.')
        throw error
      }
      const heedsSignal = fault?.name !== 'no-answer' || fault.heedsSignal === true
      const answer = trip(fault, record, previous)
      const outcome = heedsSignal ? unlessAborted(answer, signal) : answer
      outcome.then(
        () => record.end('refreshed'),
        (error: unknown) =>
          record.end(signal.aborted ? 'aborted' : 'failed', findTokenError(error)?.code),
      )
      return outcome
    },
    store: (token, { signal }) => {
      const keep = (): void => {
        failIf('store')
        inMemory = token
        store.write(token, tab)
      }
      return storeMs === undefined
        ? keep()
        : unlessAborted(wait(runtime, storeMs), signal).then(keep)
    },
    clear: (ended) => {
      failIf('clear')
      inMemory = undefined
      if (store.latest?.refreshToken === ended.refreshToken) store.write(undefined, tab)
    },
    ...(subscribe && {
      subscribe: (onChange: () => void) => {
        const stop = store.subscribe(tab, onChange)
        let subscribed = true
        listeners += 1
        return () => {
          stop()
          if (subscribed) listeners -= 1
          subscribed = false
        }
      },
    }),
  }
}
