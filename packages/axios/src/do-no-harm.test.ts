import { doNoHarm, type OwnScene } from '@unexpired/testing/node'
import axios, { type AxiosError, type AxiosInstance, type AxiosRequestConfig } from 'axios'
import { setupCache } from 'axios-cache-interceptor'
import axiosRetry from 'axios-retry'
import { text } from 'node:stream/consumers'
import { describe, test } from 'vitest'

import { axiosHarness } from '../test/axios-harness.ts'
import { adapters, bodiesOfOldFetch, isNewest, minor } from '../test/version.ts'

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null')

/** What an app can read of an answer or an error; ports and the time differ from run to run. */
const shown = async (sent: Promise<unknown>): Promise<unknown> => {
  const { config, data, status, statusText, headers, response } = (await sent.catch(
    (error: unknown) => error,
  )) as AxiosError & { data: unknown; statusText: string; headers: object }
  const { httpAgent: _, signal: __, ...settings } = Object(config) as AxiosRequestConfig
  return json({
    keys: Object.keys(settings),
    settings: { ...settings, data: undefined },
    data,
    status,
    statusText,
    headers: { ...headers, date: undefined },
    response: response && { status: response.status, data: response.data },
  })
}

const get = (name: string, path: string, config?: AxiosRequestConfig): OwnScene<AxiosInstance> => ({
  name,
  run: (client) => shown(client.get(path, config)),
})

const scenes: readonly OwnScene<AxiosInstance>[] = [
  get('the whole answer', '/receipt?public'),
  get('the whole error', '/status/422'),
  get('a cut connection', '/drop'),
  get('validateStatus', '/status/404', { validateStatus: (status) => status === 404 }),
  get('params', '/receipt?public', { params: { a: [1, 2], b: 'ü', c: undefined } }),
  get('a responseType', '/receipt?public', { responseType: 'arraybuffer' }),
  get('headers that are taken off', '/receipt?public', { headers: { Accept: false } }),
  get('headers that are undefined', '/receipt?public', { headers: { 'x-a': undefined } as object }),
  get('a limit on the answer', '/bytes/5000?public', { maxContentLength: 100 }),
  get('a transform', '/receipt?public', { transformResponse: (data: string) => data.length }),
  get('a transform that throws', '/receipt?public', {
    transformResponse: () => {
      throw new RangeError('from the app')
    },
  }),
  get('strict JSON', '/bad-json', {
    responseType: 'json',
    transitional: { silentJSONParsing: false },
  }),
  {
    name: 'a responseType of stream',
    run: async (client) => {
      const { data } = await client.get('/stream?public', { responseType: 'stream' })
      return text(data)
    },
  },
  {
    name: 'progress',
    run: async (client) => {
      const seen: number[] = []
      await client.post('/receipt?public', 'words', {
        onUploadProgress: ({ loaded }) => seen.push(loaded),
        onDownloadProgress: ({ loaded }) => seen.push(loaded),
      })
      return seen
    },
  },
  {
    name: 'a form of fields',
    run: async (client) => {
      const { status, data } = await client.postForm('/receipt?public', { a: 1, 'b[]': [1, 2] })
      return { status, data: json(data) }
    },
  },
  {
    name: 'an encoded form',
    run: (client) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return shown(client.post('/receipt?public', { a: 1, b: { c: 2 } }, { headers }))
    },
  },
  {
    name: 'what interceptors see, and when',
    run: async (client) => {
      const log: unknown[] = []
      client.interceptors.request.use((config) => {
        log.push(Object.keys(config), json(config.headers))
        return { ...config }
      })
      client.interceptors.response.use(({ config, ...answer }) => {
        log.push(Object.keys(config), json(config.headers))
        return { config, ...answer }
      })
      const { data } = await client.get('/receipt?public')
      return [log, json(data)]
    },
  },
  {
    name: 'the defaults of the instance',
    run: async (client) => {
      client.defaults.headers.common['x-common'] = '1'
      client.defaults.params = { a: 1 }
      return shown(client.get('/receipt?public'))
    },
  },
  {
    name: 'calling the instance, and its getUri',
    run: async (client) => [
      client.getUri({ url: '/a', params: { b: 1 } }).replace(/:\d+/, ''),
      (await client({ url: '/receipt?public' })).status,
      (await client('/receipt?public', { method: 'post' })).status,
    ],
  },
  {
    name: 'a cancelToken that is canceled already',
    run: async (client) => {
      const { token, cancel } = axios.CancelToken.source()
      cancel('the user left the page')
      const error = await client.get('/echo?public', { cancelToken: token }).catch(Object)
      return [axios.isCancel(error), error.code, error.message]
    },
  },
]

describe.each(adapters)('axios with its %s adapter', (adapter) => {
  const isFetch = adapter === 'fetch'
  doNoHarm({
    describe,
    test,
    harness: axiosHarness(adapter),
    capabilities: isFetch && minor < 16 ? { bodies: bodiesOfOldFetch } : {},
    // The parts that the fetch adapter tells of are others each time.
    scenes: scenes.filter(({ name }) => !isFetch || name !== 'progress'),
  })
})

const companions = [
  ['axios-retry', (instance: AxiosInstance) => void axiosRetry(instance)],
  ['axios-cache-interceptor', (instance: AxiosInstance) => void setupCache(instance)],
] as const

describe.each(isNewest ? companions : [])('axios with %s', (_, put) => {
  describe('put on before the policy', () => {
    const harness = axiosHarness('http', (instance, authorize) => (put(instance), authorize()))
    doNoHarm({ describe, test, harness })
  })
  describe('put on after the policy', () => {
    const harness = axiosHarness('http', (instance, authorize) => (authorize(), put(instance)))
    doNoHarm({ describe, test, harness })
  })
})
