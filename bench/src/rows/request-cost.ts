import { costOfAxios } from './request-cost/axios.ts'
import { costOfFetch } from './request-cost/fetch.ts'
import { costOfGraphql } from './request-cost/graphql.ts'
import { costOfKy } from './request-cost/ky.ts'
import { costOfOfetch } from './request-cost/ofetch.ts'
import type { Line, Row } from '../line.ts'

/** What a request costs with a fresh token, on each client, over a transport that does nothing. */
export const row: Row = async (bench) => {
  const lines: Line[] = []
  for (const cost of [costOfAxios, costOfKy, costOfOfetch, costOfFetch, costOfGraphql])
    lines.push(...(await cost(bench)))
  return lines
}
