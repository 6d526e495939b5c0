/** One figure of the bench: what was measured, on whom, and what it is held against. */
export interface Line {
  /** The row of the table that it belongs to, as `herd of 200`. */
  readonly work: string
  /** What was counted or timed, as `refreshes`. */
  readonly measure: string
  readonly unit: string
  readonly subject: string
  /** `limit`: the same work without any of these libraries, as far as physics allows. */
  readonly role: 'ours' | 'peer' | 'limit'
  /** `undefined` where it cannot be told, as the time of requests that failed. */
  readonly value: number | undefined
  /** What physics allows, in the same unit. */
  readonly limit?: number | undefined
  /** What ours is held to: at most this value, or this multiple of the limit. */
  readonly bar?: { readonly value: number } | { readonly ratio: number } | undefined
  readonly note?: string | undefined
}

/** What a row hears of and tells, while it runs. */
export interface Bench {
  /** Says what is being done now. */
  progress(text: string): void
  /** `true` for a short run that shows that everything works, and whose times mean little. */
  readonly quick: boolean
}

/** A row of the table: measures one piece of work on everybody to whom it applies. */
export type Row = (bench: Bench) => Promise<readonly Line[]>

/** How many times the limit, where both are known; 1 where nothing is what physics allows and what was needed. */
export const ratioToLimit = ({ value, limit }: Line): number | undefined =>
  value === undefined || limit === undefined
    ? undefined
    : limit === 0
      ? value === 0
        ? 1
        : undefined
      : value / limit

/** Whether ours is within its bar; `undefined` where there is none. */
export const holds = (line: Line): boolean | undefined => {
  const { bar, value } = line
  if (!bar) return undefined
  const measured = 'ratio' in bar ? ratioToLimit(line) : value
  return measured !== undefined && measured <= ('ratio' in bar ? bar.ratio : bar.value)
}
