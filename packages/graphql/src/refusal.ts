/** How to recognise a refusal in a GraphQL answer. */
export interface GraphqlRefusalOptions {
  /**
   * The values of `errors[].extensions.code` that mean "this token is not accepted"; they replace the
   * defaults. Default `['UNAUTHENTICATED', 'invalid-jwt']`.
   */
  readonly codes?: readonly string[] | undefined
}

interface Entry {
  readonly data?: unknown
  readonly errors?: readonly {
    readonly path?: readonly unknown[]
    readonly extensions?: { readonly code?: unknown }
  }[]
}

/**
 * Makes the rule that tells a refusal in a GraphQL answer: `isRefused` for `withAuth` of
 * `@unexpired/fetch`, and with it for urql, Apollo Client and whatever else takes a `fetch`.
 *
 * A GraphQL server often refuses a token with HTTP 200 and an error code in the body. An answer counts
 * as refused when nothing was done for it: it has no `data`, every error carries one of the codes, and
 * no error lies below a root field (then a resolver has run, and a mutation must not run twice).
 * A batch counts as refused when that is so for all of its entries.
 *
 * Reads `application/json` and `application/graphql-response+json` only, from a copy; event streams and
 * multipart answers pass unread. The rule never throws: an answer that cannot be read is no refusal.
 *
 * Sources: {@link https://spec.graphql.org/October2021/#sec-Errors | GraphQL, 7.1.2};
 * `UNAUTHENTICATED` from {@link https://www.apollographql.com/docs/apollo-server/data/errors | Apollo Server},
 * `invalid-jwt` from {@link https://github.com/hasura/graphql-engine/issues/8659 | Hasura}.
 *
 * @example
 * ```ts
 * import { Client, fetchExchange } from '@urql/core'
 * import { withAuth } from '@unexpired/fetch'
 * import { graphqlRefusal } from '@unexpired/graphql'
 *
 * export const client = new Client({
 *   url: 'https://api.example.com/graphql',
 *   exchanges: [fetchExchange],
 *   fetch: withAuth(fetch, policy, { isRefused: graphqlRefusal() }),
 * })
 * ```
 */
export const graphqlRefusal = ({
  codes = ['UNAUTHENTICATED', 'invalid-jwt'],
}: GraphqlRefusalOptions = {}): ((response: Response) => boolean | Promise<boolean>) => {
  const isRefused = ({ data, errors }: Entry): boolean =>
    data == null &&
    !!errors?.length &&
    errors.every(
      ({ path, extensions }) =>
        codes.includes(extensions?.code as string) && !(path && path.length > 1),
    )

  return (response) =>
    /^application\/(graphql-response\+)?json\b/i.test(response.headers.get('content-type') ?? '') &&
    response
      .clone()
      .text()
      .then((text) => {
        // The client parses the whole answer again; without errors in it that is not done twice.
        if (!text.includes('"errors"')) return false
        const answer = JSON.parse(text) as Entry | Entry[]
        return Array.isArray(answer) ? answer.every(isRefused) : isRefused(answer)
      })
      .catch(() => false)
}
