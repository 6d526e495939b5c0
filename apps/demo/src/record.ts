/** What happened in one lane. */
export interface LaneRecord {
  readonly name: string
  readonly isOurs: boolean
  readonly requests: {
    readonly atMs: number
    readonly tookMs: number
    readonly error: string | undefined
  }[]
  /** When each refresh reached Cognito, milliseconds from the start. */
  readonly refreshes: { readonly atMs: number; readonly isOk: boolean }[]
  readonly lost: number[]
  refused: number
}

/** The figures of one lane. */
export interface LaneFigures {
  readonly name: string
  readonly requests: number
  readonly failed: number
  /** Answers of 401, those that were cured by a replay too. */
  readonly refused: number
  /** Requests for a refresh that reached Cognito. */
  readonly refreshes: number
  readonly sessionsLost: number
  readonly slowestMs: number
  /** How often each error was seen. */
  readonly errors: Readonly<Record<string, number>>
}

/** Adds up a record. */
export const figuresOf = ({
  name,
  requests,
  refreshes,
  lost,
  refused,
}: LaneRecord): LaneFigures => {
  const errors: Record<string, number> = {}
  for (const { error } of requests) if (error) errors[error] = (errors[error] ?? 0) + 1
  return {
    name,
    requests: requests.length,
    failed: requests.filter(({ error }) => error).length,
    refused,
    refreshes: refreshes.length,
    sessionsLost: lost.length,
    slowestMs: Math.max(0, ...requests.map(({ tookMs }) => tookMs)),
    errors,
  }
}

/** Whether a lane has kept the promise: no failed request, no lost session, and something was asked at all. */
export const isKept = ({ requests, failed, sessionsLost }: LaneFigures): boolean =>
  requests > 0 && failed === 0 && sessionsLost === 0
