import { Readable } from 'node:stream'
import {
  create as createInstance,
  isAxiosError,
  type AxiosInstance,
  type AxiosRequestConfig,
} from 'axios'
import type { AdapterHarness, ClientContext, ContractRequest } from '../src/node/index.ts'

const configOf = (request: ContractRequest): AxiosRequestConfig => {
  const { path, method, headers, body, signal, timeoutMs } = request
  const data = body?.kind === 'stream' ? Readable.fromWeb(body.content as never) : body?.content
  return {
    url: path,
    ...(method !== undefined && { method }),
    ...(headers && { headers: headers as Record<string, string> }),
    ...(data !== undefined && { data }),
    ...(signal && { signal }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  }
}

/** axios counts its time limit from when it sends, and repeats nothing. */
export const axiosCapabilities = { timeout: false, ownRetry: false }

/** axios over its `http` adapter, with whatever `attach` does to each instance. */
export const axiosHarness = (
  attach: (instance: AxiosInstance, context: ClientContext) => void,
): AdapterHarness<AxiosInstance> => {
  const create = (context: ClientContext, config?: AxiosRequestConfig): AxiosInstance => {
    const instance = createInstance({ baseURL: context.baseUrl, ...config })
    if (context.policy) attach(instance, context)
    return instance
  }
  return {
    create: (context) => create(context),
    createObserved: (context, onSend) =>
      create(context, {
        adapter: () => {
          onSend()
          return new Promise(() => {})
        },
      }),
    request: async (instance, request) => {
      try {
        const { status, headers, data } = await instance.request<unknown>(configOf(request))
        return { status, headers: headers as Record<string, string>, body: data }
      } catch (error) {
        return isAxiosError(error) && error.response
          ? { status: error.response.status, error }
          : { error }
      }
    },
  }
}
