import type { Policy } from '@unexpired/core'
import type { ClientName } from './client-names.ts'

/** Sends one request; rejects when it fails. */
export type Send = () => Promise<unknown>

/** Each client as its users have it, given to `withAuth`; loaded only when it is asked for. */
export const ours: Record<ClientName, (apiUrl: string, policy: Policy) => Promise<Send>> = {
  async axios(apiUrl, policy) {
    const { default: axios } = await import('axios')
    const { withAuth } = await import('@unexpired/axios')
    const api = withAuth(axios.create({ baseURL: apiUrl }), policy)
    return () => api.get('/work')
  },
  async ky(apiUrl, policy) {
    const { default: ky } = await import('ky')
    const { withAuth } = await import('@unexpired/ky')
    const api = withAuth(ky.create({ retry: 0 }), policy)
    return () => api.get(`${apiUrl}/work`).json()
  },
  async ofetch(apiUrl, policy) {
    const { ofetch } = await import('ofetch')
    const { withAuth } = await import('@unexpired/ofetch')
    const api = withAuth(ofetch.create({ baseURL: apiUrl, retry: 0 }), policy)
    return () => api('/work')
  },
  async graphql(apiUrl, policy) {
    const { GraphQLClient } = await import('graphql-request')
    const { withAuth } = await import('@unexpired/graphql')
    const api = withAuth(new GraphQLClient(`${apiUrl}/graphql`), policy)
    return () => api.request('{ user }')
  },
  async fetch(apiUrl, policy) {
    const { withAuth } = await import('@unexpired/fetch')
    const api = withAuth(fetch, policy)
    return async () => {
      const response = await api(`${apiUrl}/work`)
      if (!response.ok) throw new Error(`The API answered ${response.status}.`)
      return (await response.json()) as unknown
    }
  },
}
