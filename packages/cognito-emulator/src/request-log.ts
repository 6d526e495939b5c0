/** One request as the pool saw it. Never a token, a password or a body. */
export interface LoggedRequest {
  /** When it came in, in epoch ms by this machine's clock. */
  readonly at: number
  /** The operation, such as `InitiateAuth`; `jwks` or `openid-configuration` for the documents. */
  readonly operation: string
  /** The user it is about, where the request shows that. */
  readonly user?: string
  /**
   * What became of the work: `ok`, the name of the error it ended with, `running`, or `not-run` where a fault stood before
   * it. So the refreshes that took place are those whose outcome is `ok`, whatever the client was told.
   */
  readonly outcome: string
  /** The kind of the fault it met; absent where it met none. */
  readonly fault?: string
  /** What the client got: an answer, nothing yet, a reset connection, nothing for good; or it left before it was answered. */
  readonly answer: 'sent' | 'pending' | 'dropped' | 'none' | 'abandoned'
  /** The HTTP status, where an answer was sent. */
  readonly status?: number
  /** How long it took until that was decided, in milliseconds. 0 while it is pending. */
  readonly tookMs: number
}

/** The entry of a request that is under way. */
export interface OpenEntry {
  is(facts: {
    readonly operation?: string
    readonly user?: string | undefined
    readonly outcome?: string
    readonly fault?: string
  }): void
  /** Writes the end of it. Later calls do nothing. */
  end(answer: Exclude<LoggedRequest['answer'], 'pending'>, status?: number): void
}

export interface RequestLog {
  open(operation: string): OpenEntry
  entries(): readonly LoggedRequest[]
  clear(): void
  subscribe(listener: (request: LoggedRequest) => void): () => void
}

/** A development server may run for days. */
const MOST_ENTRIES = 10_000

export function createRequestLog(): RequestLog {
  let entries: LoggedRequest[] = []
  const listeners = new Set<(request: LoggedRequest) => void>()

  function tell(request: LoggedRequest): void {
    for (const listener of listeners) {
      try {
        listener(request)
      } catch (error) {
        process.emitWarning(`A listener of the request log threw: ${String(error)}`)
      }
    }
  }

  return {
    open(operation) {
      const startedAt = performance.now()
      const entry: { -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key] } = {
        at: Date.now(),
        operation,
        outcome: 'running',
        answer: 'pending',
        tookMs: 0,
      }
      if (entries.length >= MOST_ENTRIES) entries.shift()
      entries.push(entry)
      return {
        is({ user, ...facts }) {
          Object.assign(entry, facts, user === undefined ? {} : { user })
        },
        end(answer, status) {
          if (entry.answer !== 'pending') return
          entry.answer = answer
          if (status !== undefined) entry.status = status
          entry.tookMs = Math.round((performance.now() - startedAt) * 10) / 10
          tell(Object.freeze({ ...entry }))
        },
      }
    },
    entries: () => entries.map((entry) => Object.freeze({ ...entry })),
    clear() {
      entries = []
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
