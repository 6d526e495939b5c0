import { createPolicy } from '@unexpired/core'
import { scriptedIdp } from '@unexpired/testing'
import axios, {
  type AxiosInstance,
  type AxiosRequestConfig,
  type AxiosResponse,
  type AxiosStatic,
} from 'axios'
import {
  setupCache,
  type AxiosCacheInstance,
  type CacheAxiosResponse,
} from 'axios-cache-interceptor'
import { expectTypeOf, test } from 'vitest'

import { withAuth, withoutAuth } from './index.ts'

interface User {
  readonly name: string
}

const policy = createPolicy({
  source: scriptedIdp().source(),
  origins: ['https://api.example.com'],
})

test('the type of the instance is the one that was given', () => {
  expectTypeOf(withAuth<AxiosInstance>).returns.toEqualTypeOf<AxiosInstance>()
  expectTypeOf(withAuth<AxiosStatic>).returns.toEqualTypeOf<AxiosStatic>()
  expectTypeOf(withAuth<AxiosCacheInstance>).returns.toEqualTypeOf<AxiosCacheInstance>()
  expectTypeOf(withoutAuth<AxiosInstance>).returns.toEqualTypeOf<AxiosInstance>()
  expectTypeOf(withAuth<InstanceType<typeof axios.Axios>>).toBeFunction()
  expectTypeOf(withAuth).toBeCallableWith(axios.create(), policy)
  // @ts-expect-error a method alone has no interceptors
  expectTypeOf(withAuth).toBeCallableWith(axios.get, policy)
  // @ts-expect-error a token is no policy
  expectTypeOf(withAuth).toBeCallableWith(axios.create(), { token: 'words' })
})

test('calls are typed as without us', () => {
  const calls = async (): Promise<void> => {
    const api = withAuth(axios.create(), policy)
    expectTypeOf(await api.get<User>('/')).toEqualTypeOf<AxiosResponse<User>>()
    expectTypeOf(await api<User>('/')).toEqualTypeOf<AxiosResponse<User>>()
    expectTypeOf(await api.post<User, User>('/', {})).toEqualTypeOf<User>()
    const cached = withAuth(setupCache(axios.create()), policy)
    expectTypeOf(await cached.get<User>('/')).toExtend<CacheAxiosResponse<User>>()
  }
  expectTypeOf(calls).toBeFunction()
})

test('the opt-out is typed, for requests and for defaults', () => {
  expectTypeOf<AxiosRequestConfig>().toHaveProperty('tokenAuth')
  expectTypeOf<AxiosRequestConfig['tokenAuth']>().toEqualTypeOf<boolean | undefined>()
  expectTypeOf<AxiosInstance['defaults']['tokenAuth']>().toEqualTypeOf<boolean | undefined>()
  expectTypeOf(axios.get).toBeCallableWith('/', { tokenAuth: false })
  // @ts-expect-error it is a boolean
  expectTypeOf(axios.get).toBeCallableWith('/', { tokenAuth: 'no' })
})
