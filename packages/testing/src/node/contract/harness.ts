import type { Policy } from '@unexpired/core'
import type { ScriptedIdp, ScriptedSource, VirtualClock } from '@unexpired/testing'

/** What a request body is made of. */
export type BodyKind =
  | 'text'
  | 'json'
  | 'search-params'
  | 'form-data'
  | 'blob'
  | 'array-buffer'
  | 'typed-array'
  | 'stream'

/** A request that the suite wants sent, in words that every client has. */
export interface ContractRequest {
  /** A path below the base URL, or an absolute URL. */
  readonly path: string
  /** Default `GET`; a client that knows one method only (GraphQL) may take no notice. */
  readonly method?: string | undefined
  /** In any of the three forms that `fetch` takes. */
  readonly headers?: HeadersInit | undefined
  /** What to send. `json` is a plain object, `stream` a `ReadableStream` of bytes, the others what their names say. */
  readonly body?: { readonly kind: BodyKind; readonly content: unknown } | undefined
  /** The caller's own. */
  readonly signal?: AbortSignal | undefined
  /** The client's own time limit for the whole request, ms. */
  readonly timeoutMs?: number | undefined
  /** The opt-out: `false` where the request is to leave without a token. */
  readonly tokenAuth?: boolean | undefined
}

/** What came of a request. */
export interface ContractResult {
  /** The status, also where the client throws because of it. */
  readonly status?: number | undefined
  /** The headers of the answer by lower-case name, where the client shows them. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The body of the answer as the client gives it: text, or parsed. */
  readonly body?: unknown
  /** What was thrown, as it is. */
  readonly error?: unknown
}

/** What a client can be made of. */
export interface ClientContext {
  /** The origin of the API, without a path. */
  readonly baseUrl: string
  /** What the adapter is to stand on; `undefined` for the client as it is without the adapter. */
  readonly policy: Policy | undefined
  /** The source behind the policy, for clients that know no policy. */
  readonly source: ScriptedSource
  /** The identity provider behind the source. */
  readonly idp: ScriptedIdp
  /** The clock of the policy and of the identity provider. */
  readonly clock: VirtualClock
}

/** How the suite drives one HTTP client. */
export interface AdapterHarness<Client> {
  /**
   * A new client for a base URL, through the adapter where there is a policy. What the adapter gives, and
   * no wrapper around it: the suite watches whether it is let go of.
   */
  create(context: ClientContext): Client
  /** Sends one request. Resolves in every case: what is thrown goes into `error`. */
  request(client: Client, request: ContractRequest): Promise<ContractResult>
  /**
   * As `create`, over a transport that calls `onSend` instead of sending, and never answers: shows
   * whether a fresh token makes a request leave later. The case is left out where this is.
   */
  createObserved?(context: ClientContext, onSend: () => void): Client
}

/** What a client can do. Everything is expected that is not denied here. */
export interface AdapterCapabilities {
  /** The bodies that it can send. Default: all. */
  readonly bodies: readonly BodyKind[]
  /** Takes an `AbortSignal`. Default `true`. */
  readonly abort: boolean
  /** Has a time limit of its own that also counts the wait for a token. Default `true`. */
  readonly timeout: boolean
  /** A request can opt out by `tokenAuth: false`. Default `true`. */
  readonly optOut: boolean
  /** A request can bring its own authorization header. Default `true`. */
  readonly ownHeader: boolean
  /** Repeats a GET by itself that was answered 503. Default `true`. */
  readonly ownRetry: boolean
  /** Follows redirects. Default `true`. */
  readonly redirects: boolean
  /** A request can name an absolute URL, whatever the base URL. Default `true`. */
  readonly absoluteUrls: boolean
  /** A client that nobody holds any longer can be collected, and the suite runs where that can be seen (Node, or a global `gc`). Default `true`. */
  readonly collectable: boolean
}

export const everything: AdapterCapabilities = {
  bodies: [
    'text',
    'json',
    'search-params',
    'form-data',
    'blob',
    'array-buffer',
    'typed-array',
    'stream',
  ],
  abort: true,
  timeout: true,
  optOut: true,
  ownHeader: true,
  ownRetry: true,
  redirects: true,
  absoluteUrls: true,
  collectable: true,
}
