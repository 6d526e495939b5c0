import { axiosJwt } from '../contenders/axios-jwt.ts'
import { oursOnAxios, oursOnFetch } from '../contenders/ours.ts'
import { smithyMemoize } from '../contenders/smithy.ts'
import { queuePattern } from '../contenders/widespread.ts'
import type { Row } from '../line.ts'
import { herdOf } from './herd.ts'

/** 10,000 callers at the moment of expiry; of the peers some that got 200 through, as each takes its time. */
export const row: Row = herdOf(10_000, [
  oursOnAxios,
  oursOnFetch,
  axiosJwt,
  queuePattern,
  smithyMemoize,
])
