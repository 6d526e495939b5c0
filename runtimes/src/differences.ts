/** A case that cannot hold on a runtime, for a reason that is the runtime's own. */
export interface Difference {
  /** Whatever its version. */
  readonly runtime: 'Node' | 'Deno' | 'Bun'
  readonly adapter: 'axios' | 'fetch' | 'graphql' | 'ky' | 'ofetch'
  /** The whole name of the case. */
  readonly name: string
  /** What the failure must say: another failure of the case is none that is known. */
  readonly says: string
  readonly reason: string
}

const messageOfHeaders = (who: string): Difference => ({
  runtime: 'Deno',
  adapter: 'fetch',
  name: `does no harm with ${who} > a header that cannot be sent goes as without us`,
  says: "Failed to execute 'append' on 'Headers'",
  reason:
    'The TypeError of Deno names the function that was given the header, and that is Headers.append with us and fetch without.',
})

/**
 * Each must fail as it says. One that passes fails the run, too: then it is to be taken off this list.
 */
export const differences: readonly Difference[] = [
  messageOfHeaders('a fresh token'),
  messageOfHeaders('nobody signed in'),
]
