import ky from 'ky'
import { expect, test } from 'vitest'

import { isKy1 } from '../test/is-ky-1.ts'
import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './with-auth.ts'

test('json that ky is told how to write is sent and replayed as written', async () => {
  const { api, policy, refuse } = await createWorld()
  refuse()
  const stringifyJson = (data: unknown): string => `/**/${JSON.stringify(data)}`
  const client = withAuth(ky.create({ stringifyJson }), policy)
  await client.post(`${api.origin}/echo`, { json: 1 })
  expect(api.requests.map(({ bodyText }) => bodyText)).toEqual(['/**/1', '/**/1'])
})

test('what an app changes in a hook is what is sent', async () => {
  const { api, policy, refuse } = await createWorld()
  refuse()
  const client = withAuth(ky, policy).extend({
    hooks: { init: [(options) => void (options.json = 'of the hook')] },
  })
  await client.post(`${api.origin}/echo`, { json: 'of the call' })
  const expected = isKy1 ? '"of the call"' : '"of the hook"'
  expect(api.requests.map(({ bodyText }) => bodyText)).toEqual([expected, expected])
})

test('a fetch that a request brings along is given json as ky gives it', async () => {
  const { api, policy } = await createWorld()
  const sent: string[] = []
  const own = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    sent.push(await new Request(input, init).text())
    return Response.json('own')
  }
  const client = withAuth(ky, policy)
  const answer = client.post(`${api.origin}/echo`, { json: { a: 1 }, fetch: own })
  expect(await answer.json()).toBe('own')
  expect(sent).toEqual(['{"a":1}'])
})

test('progress of an upload is told, and the replay is whole', async () => {
  const { api, policy, refuse } = await createWorld()
  refuse()
  const percents: number[] = []
  const onUploadProgress = ({ percent }: { percent: number }): void => void percents.push(percent)
  await withAuth(ky, policy).post(`${api.origin}/echo`, { json: { a: 1 }, onUploadProgress })
  expect(api.requests.map(({ bodyText }) => bodyText)).toEqual(['{"a":1}', '{"a":1}'])
  expect(isKy1 || percents.includes(1)).toBe(true)
})

test('a stream goes out whole, and in ky 1, which does not tell that it is one, to a replay as well', async () => {
  const { api, policy, refuse } = await createWorld()
  refuse()
  const client = withAuth(ky.create({ throwHttpErrors: false }), policy)
  const answer = await client.post(`${api.origin}/echo`, {
    body: new Blob(['one ', 'two']).stream(),
  })
  expect(answer.status).toBe(isKy1 ? 200 : 401)
  const sent = api.requests.map(({ bodyText }) => bodyText)
  expect(sent).toEqual(isKy1 ? ['one two', 'one two'] : ['one two'])
})
