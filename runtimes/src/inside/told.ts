/** One line that a runtime tells while it runs a contract. */
export type Told =
  /** What it is, as `Node 24.21.0`. */
  | { readonly runtime: string }
  /** The names of all cases, before the first of them runs. */
  | { readonly registered: readonly string[] }
  | { readonly name: string; readonly ms: number; readonly failure?: string }
  /** An error that nobody caught, whichever case it belongs to. */
  | { readonly uncaught: string }
  | { readonly finished: true }
