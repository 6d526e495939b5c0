import type { OwnScene } from '@unexpired/testing/node'
import type { $Fetch } from 'ofetch'

/** What only ofetch does, and does the same with a policy. */
export const scenes: readonly OwnScene<$Fetch>[] = [
  { name: 'the answer alone', run: (api) => api('/receipt?public') },
  {
    name: 'a json body and a query',
    run: (api) => api('/receipt?public', { method: 'PUT', body: { a: 'ü' }, query: { b: [1, 2] } }),
  },
  {
    name: 'an answer as text',
    run: (api) => api('/receipt?public', { responseType: 'text' }),
  },
  {
    name: 'an answer that is parsed by the app',
    run: (api) => api('/receipt?public', { parseResponse: (text) => text.length }),
  },
  {
    name: 'a 404 that is no error',
    run: async (api) => (await api.raw('/status/404', { ignoreResponseError: true })).status,
  },
  {
    name: 'a hook that changes the answer',
    run: (api) =>
      api('/receipt?public', {
        onResponse: ({ response }) => void Object.assign(response, { _data: 'own' }),
      }),
  },
  {
    name: 'a Request',
    run: (api, base) =>
      api(new Request(`${base}/receipt?public`, { method: 'POST', body: 'words' })),
  },
]
