import { expect, test } from 'vitest'
import { graphqlRefusal } from './refusal.ts'

const unauthenticated = { message: 'Refused', extensions: { code: 'UNAUTHENTICATED' } }

const answer = (body: unknown, type = 'application/json'): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    headers: { 'content-type': type },
  })

const isRefused = async (body: unknown, type?: string): Promise<boolean> =>
  graphqlRefusal()(answer(body, type))

test('an answer without data whose errors carry the code is a refusal', async () => {
  expect(await isRefused({ errors: [unauthenticated] })).toBe(true)
  expect(await isRefused({ data: null, errors: [unauthenticated] })).toBe(true)
})

test('the code that Hasura uses counts as well', async () => {
  const jwtExpired = {
    message: 'Could not verify JWT: JWTExpired',
    extensions: { path: '$', code: 'invalid-jwt' },
  }
  expect(await isRefused({ errors: [jwtExpired] })).toBe(true)
})

test('partial data is not a refusal', async () => {
  expect(
    await isRefused({ data: { me: null }, errors: [{ ...unauthenticated, path: ['me'] }] }),
  ).toBe(false)
})

test('an error at a root field is a refusal; below one a resolver has run', async () => {
  expect(await isRefused({ data: null, errors: [{ ...unauthenticated, path: ['me'] }] })).toBe(true)
  expect(
    await isRefused({ data: null, errors: [{ ...unauthenticated, path: ['order', 'receipt'] }] }),
  ).toBe(false)
})

test('an error of another kind beside the refusal makes it none', async () => {
  expect(await isRefused({ errors: [unauthenticated, { message: 'Out of stock' }] })).toBe(false)
  expect(
    await isRefused({ errors: [{ message: 'Syntax Error', extensions: { code: 'BAD_REQUEST' } }] }),
  ).toBe(false)
})

test('a batch is refused when each of its entries is', async () => {
  const refused = { errors: [unauthenticated] }
  expect(await isRefused([refused, refused])).toBe(true)
  expect(await isRefused([refused, { data: { hello: 'Hello' } }])).toBe(false)
  expect(await isRefused([])).toBe(false)
})

test('the codes can be set, and then replace the defaults', async () => {
  const rule = graphqlRefusal({ codes: ['auth/expired'] })
  // Some servers escape the slash.
  expect(
    await rule(answer('{"errors":[{"message":"","extensions":{"code":"auth\\/expired"}}]}')),
  ).toBe(true)
  expect(await rule(answer({ errors: [unauthenticated] }))).toBe(false)
})

test('the media type of GraphQL over HTTP is read, in any case and with parameters', async () => {
  expect(
    await isRefused(
      { errors: [unauthenticated] },
      'application/graphql-response+json; charset=utf-8',
    ),
  ).toBe(true)
  expect(await isRefused({ errors: [unauthenticated] }, 'Application/JSON')).toBe(true)
})

test.each(['text/event-stream', 'multipart/mixed; boundary="-"', 'text/html', 'application/jsonp'])(
  '%s is not read',
  (type) => {
    const response = answer({ errors: [unauthenticated] }, type)
    response.clone = () => expect.unreachable()
    expect(graphqlRefusal()(response)).toBe(false)
  },
)

test('an answer without a content type is not read', () => {
  expect(graphqlRefusal()(new Response(null))).toBe(false)
})

test('the answer can still be read', async () => {
  const response = answer({ errors: [unauthenticated] })
  await graphqlRefusal()(response)
  expect(await response.json()).toEqual({ errors: [unauthenticated] })
})

test.each([
  '',
  '{"errors"',
  '{"errors":3}',
  '{"errors":[null]}',
  '"errors"',
  'null',
  '[null,{"errors":1}]',
])('a body of %j is no refusal, and no error', async (body) => {
  expect(await isRefused(body)).toBe(false)
})

test('an answer that breaks off is left to the client', async () => {
  const body = new ReadableStream({
    start: (controller) => controller.error(new TypeError('terminated')),
  })
  const response = new Response(body, { headers: { 'content-type': 'application/json' } })
  expect(await graphqlRefusal()(response)).toBe(false)
  await expect(response.text()).rejects.toThrow('terminated')
})
