import { fetchAuthSession } from 'aws-amplify/auth'
import axios from 'axios'
import type { Send } from './clients.ts'

/** The interceptor that people paste: refresh when the token ends within five minutes. */
export const pasted = (apiUrl: string): Send => {
  const api = axios.create({ baseURL: apiUrl })
  api.interceptors.request.use(async (config) => {
    let { tokens } = await fetchAuthSession()
    const expiresAt = (tokens?.accessToken.payload.exp ?? 0) * 1000
    if (expiresAt - Date.now() < 5 * 60 * 1000) {
      ;({ tokens } = await fetchAuthSession({ forceRefresh: true }))
    }
    config.headers.Authorization = `Bearer ${tokens?.accessToken.toString()}`
    return config
  })
  return () => api.get('/work')
}
