import { AxiosError, type AxiosAdapter, type AxiosResponse } from 'axios'
import type { Tokens } from './provider.ts'

/** Where contenders work: a network, an API, an identity provider, and a session that has begun. */
export interface World {
  readonly origin: string
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** For axios; `undefined` where its own is right. */
  readonly adapter: AxiosAdapter | undefined
  /** What is stored at the start. */
  readonly tokens: Tokens
}

/** Spends a refresh token (RFC 6749, 6), by plain fetch, as every contender's own code would. */
export const spend = async (
  { origin, fetch }: Pick<World, 'origin' | 'fetch'>,
  refreshToken: string,
): Promise<Tokens> => {
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken })
  const answer = await fetch(`${origin}/token`, { method: 'POST', body })
  if (!answer.ok)
    throw Object.assign(new Error(`The token endpoint answered ${answer.status}.`), {
      status: answer.status,
    })
  const {
    access_token: accessToken,
    refresh_token: rotated,
    expires_in: seconds,
  } = (await answer.json()) as Record<string, string> & { expires_in: number }
  const issuedAt = Math.floor(Date.now() / 1000) * 1000
  return {
    accessToken: accessToken ?? '',
    refreshToken: rotated ?? '',
    issuedAt,
    expiresAt: issuedAt + seconds * 1000,
  }
}

/** An axios adapter over a fetch: status, headers, body and `validateStatus`, and nothing else. */
export const adapterOver =
  (fetch: World['fetch']): AxiosAdapter =>
  async (config) => {
    const url = `${config.baseURL ?? ''}${config.url ?? ''}`
    const { method = 'get', data } = config
    const answer = await fetch(url, {
      method: method.toUpperCase(),
      headers: config.headers.toJSON() as Record<string, string>,
      ...(data !== undefined && { body: data as string }),
    })
    const response: AxiosResponse = {
      data: await answer.text(),
      status: answer.status,
      statusText: answer.statusText,
      headers: Object.fromEntries(answer.headers),
      config,
    }
    if (!config.validateStatus || config.validateStatus(answer.status)) return response
    throw new AxiosError(
      `Request failed with status code ${answer.status}`,
      'ERR_BAD_REQUEST',
      config,
      undefined,
      response,
    )
  }
