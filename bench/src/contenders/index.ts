import { alovaAuth } from './alova.ts'
import { axiosAuthRefresh, axiosAuthRefreshShared } from './axios-auth-refresh.ts'
import { axiosJwt } from './axios-jwt.ts'
import { azureBearer } from './azure.ts'
import { badgatewayFetch } from './badgateway.ts'
import type { Contender } from './contender.ts'
import { googleOauth } from './google.ts'
import { oursOnAxios, oursOnFetch } from './ours.ts'
import { smithyMemoize } from './smithy.ts'
import { urqlAuth } from './urql.ts'
import { queuePattern, widespreadPattern } from './widespread.ts'

/** Everybody who sends requests. */
export const contenders: readonly Contender[] = [
  oursOnAxios,
  oursOnFetch,
  widespreadPattern,
  queuePattern,
  axiosAuthRefresh,
  axiosAuthRefreshShared,
  axiosJwt,
  urqlAuth,
  alovaAuth,
  azureBearer,
  badgatewayFetch,
  googleOauth,
  smithyMemoize,
]
