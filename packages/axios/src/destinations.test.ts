import axios, { AxiosHeaders, type AxiosRequestConfig } from 'axios'
import { expect, test } from 'vitest'

import { minor } from '../test/version.ts'
import { createWorld } from '@unexpired/adapter-tests/world'
import { destinationsOf } from './destinations.ts'
import { withAuth } from './index.ts'

const requests: AxiosRequestConfig[] = [
  { url: 'https://api.example.com/users' },
  { url: '//api.example.com/users' },
  { url: '/users', baseURL: 'https://api.example.com' },
  { url: 'users', baseURL: 'https://api.example.com/v1/' },
  { url: '', baseURL: 'https://api.example.com/v1/' },
  { baseURL: 'https://api.example.com/v1' },
  { url: '///users', baseURL: 'https://api.example.com///' },
  { url: 'https://elsewhere.example/users', baseURL: 'https://api.example.com' },
  { url: 'HTTPS://elsewhere.example/users', baseURL: 'https://api.example.com' },
  { url: '//elsewhere.example/users', baseURL: 'https://api.example.com' },
  { url: 'capacitor+app://elsewhere/users', baseURL: 'https://api.example.com' },
  { url: '.evil.example', baseURL: 'https://api.example.com' },
  { url: '\\\\elsewhere.example', baseURL: '/' },
  { url: '/\\elsewhere.example', baseURL: '/' },
  { url: '/users', baseURL: '/api' },
  { url: '/users' },
]

test.each(requests)('$url under $baseURL goes where axios sends it', (request) => {
  expect(destinationsOf(request)).toEqual([axios.getUri(request)])
})

test('an absolute URL goes under the base URL where that is demanded, and has to be allowed itself as well', () => {
  const request = {
    url: 'https://elsewhere.example/users',
    baseURL: 'https://api.example.com',
    allowAbsoluteUrls: false,
  }
  const combined = 'https://api.example.com/https://elsewhere.example/users'
  expect(destinationsOf(request)).toEqual([combined, request.url])
  // `getUri` has heeded it since 1.8.
  expect(axios.getUri(request)).toBe(minor < 8 ? request.url : combined)
  expect(destinationsOf({ ...request, url: '/users' })).toEqual(['https://api.example.com/users'])
})

test('a URL object is read as what it says', () => {
  const url = new URL('https://api.example.com/users') as unknown as string
  expect(destinationsOf({ url })).toEqual(['https://api.example.com/users'])
})

test('no absolute URL gets a token by way of allowAbsoluteUrls, on whichever side the policy is', async () => {
  const { api, elsewhere, idp, policy } = await createWorld()
  const instance = withAuth(axios.create({ allowAbsoluteUrls: false } as object), policy)
  const headers = new AxiosHeaders()
  await instance
    .get(`${elsewhere.origin}/echo`, { baseURL: api.origin, headers })
    .catch(() => undefined)
  await instance
    .get(`${api.origin}/echo`, { baseURL: elsewhere.origin, headers })
    .catch(() => undefined)
  expect([...api.requests, ...elsewhere.requests].map(({ token }) => token)).toEqual([
    undefined,
    undefined,
  ])
  expect(idp.refreshes).toHaveLength(0)
})
