import { withAuth } from '@unexpired/axios'
import type { AdapterHarness, ContractResult } from '@unexpired/testing/node'
import axios, { AxiosHeaders, type AxiosInstance, type CreateAxiosDefaults } from 'axios'
import { Readable } from 'node:stream'

type Attach = (instance: AxiosInstance, authorize: () => void) => void

const resultOf = (answer: { status: number; headers: object; data?: unknown }): ContractResult => ({
  status: answer.status,
  headers: AxiosHeaders.from(answer.headers as AxiosHeaders).toJSON(true),
  body: answer.data,
})

/**
 * How the contract drives axios with one of its adapters. `attach` may put other libraries on the
 * instance, before or after the policy.
 */
export const axiosHarness = (
  adapter: 'http' | 'fetch',
  attach: Attach = (_, authorize) => authorize(),
): AdapterHarness<AxiosInstance> => {
  const create = (
    { baseUrl: baseURL, policy }: Parameters<AdapterHarness<AxiosInstance>['create']>[0],
    defaults?: CreateAxiosDefaults,
  ): AxiosInstance => {
    const instance = axios.create({ baseURL, adapter, ...defaults })
    attach(instance, () => policy && withAuth(instance, policy))
    return instance
  }
  return {
    create,
    createObserved: (context, onSend) =>
      create(context, { adapter: () => (onSend(), new Promise(() => {})) }),
    request: async (
      instance,
      { path, method = 'GET', headers, body, signal, timeoutMs, tokenAuth },
    ) => {
      const content = body?.content
      try {
        const answer = await instance.request({
          url: path,
          method,
          headers: {
            // The fetch adapter labels a form in Node only where it is told that it is one.
            ...(body?.kind === 'form-data' && { 'content-type': 'multipart/form-data' }),
            ...Object.fromEntries(new Headers(headers)),
          },
          data:
            body?.kind === 'stream' && adapter === 'http'
              ? Readable.fromWeb(content as Parameters<typeof Readable.fromWeb>[0])
              : content,
          ...(signal && { signal }),
          ...(timeoutMs !== undefined && { timeout: timeoutMs }),
          tokenAuth,
        })
        return resultOf(answer)
      } catch (error) {
        const { response } = error as { response?: Parameters<typeof resultOf>[0] }
        return { ...(response && resultOf(response)), error }
      }
    },
  }
}
