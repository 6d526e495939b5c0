import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios'
import type { ClientContext } from '../src/node/index.ts'
import type { IdpToken } from '../src/index.ts'

const bufferMs = 5 * 60_000

/**
 * What is found in tutorials and in many apps: a request interceptor that refreshes within five minutes
 * of the end, and a response interceptor that refreshes after a 401 and sends `error.config` again.
 */
export const widespreadPattern = (
  instance: AxiosInstance,
  { source, clock }: ClientContext,
): void => {
  const refresh = async (): Promise<IdpToken> => {
    const { signal } = new AbortController()
    const token = await source.refresh({ reason: 'expired', signal, previous: await source.read() })
    await source.store?.(token, { signal })
    return token
  }

  instance.interceptors.request.use(async (config) => {
    let token = await source.read()
    if (token && token.expiresAt - clock.now() < bufferMs) token = await refresh()
    if (token) config.headers.set('Authorization', `Bearer ${token.value}`)
    return config
  })

  instance.interceptors.response.use(undefined, async (error: unknown) => {
    const { response, config } = error as {
      response?: { status: number }
      config?: InternalAxiosRequestConfig & { retried?: boolean }
    }
    if (response?.status !== 401 || !config || config.retried) throw error
    config.retried = true
    const token = await refresh()
    config.headers.set('Authorization', `Bearer ${token.value}`)
    return instance(config)
  })
}
