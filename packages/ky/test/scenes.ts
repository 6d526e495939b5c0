import type { OwnScene } from '@unexpired/testing/node'
import type { KyInstance } from 'ky'

/** What only ky does, and does the same with a policy. */
export const scenes: readonly OwnScene<KyInstance>[] = [
  { name: 'the answer as JSON', run: (api, base) => api.get(`${base}/receipt?public`).json() },
  { name: 'half of a JSON answer, read', run: (api, base) => api.get(`${base}/bad-json`).json() },
  {
    name: 'a json body and a query',
    run: (api, base) =>
      api.put(`${base}/receipt`, { json: { a: 'ü' }, searchParams: { public: 1, b: 2 } }).text(),
  },
  {
    name: 'json that is null',
    run: (api, base) => api.post(`${base}/receipt?public`, { json: null }).text(),
  },
  {
    name: 'json with a type of its own',
    run: (api, base) =>
      api
        .post(`${base}/receipt?public`, { json: 1, headers: { 'content-type': 'text/x-own' } })
        .text(),
  },
  {
    name: 'a 404 that is no error',
    run: async (api, base) =>
      (await api.get(`${base}/status/404`, { throwHttpErrors: false })).status,
  },
  {
    name: 'a hook that makes an answer of its own',
    run: (api, base) =>
      api
        .extend({ hooks: { afterResponse: [() => Response.json('of the hook')] } })
        .get(`${base}/receipt?public`)
        .json(),
  },
  {
    name: 'a Request',
    run: (api, base) =>
      api(new Request(`${base}/receipt?public`, { method: 'POST', body: 'words' })).text(),
  },
]
