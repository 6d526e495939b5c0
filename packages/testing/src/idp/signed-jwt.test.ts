import { createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { hmacSha256, sha256 } from './sha256.ts'
import { signedJwt } from './signed-jwt.ts'

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + length) % 256)

test('the digest is that of the platform, at every length around a block', () => {
  for (let length = 0; length < 200; length++)
    expect(Buffer.from(sha256(bytes(length))).toString('hex')).toBe(
      createHash('sha256').update(bytes(length)).digest('hex'),
    )
})

test('the keyed digest is that of the platform, with short and long keys', () => {
  for (const keyLength of [0, 1, 63, 64, 65, 200])
    expect(Buffer.from(hmacSha256(bytes(keyLength), bytes(77))).toString('hex')).toBe(
      createHmac('sha256', bytes(keyLength)).update(bytes(77)).digest('hex'),
    )
})

test('a token carries its claims and a signature that anybody with the secret can verify', () => {
  const [header, claims, signature] = signedJwt({ sub: 'älice', exp: 5 }, 'secret').split('.')
  const read = (part?: string) => JSON.parse(Buffer.from(part!, 'base64url').toString())
  expect(read(header)).toEqual({ alg: 'HS256', typ: 'JWT' })
  expect(read(claims)).toEqual({ sub: 'älice', exp: 5 })
  expect(signature).toBe(
    createHmac('sha256', 'secret').update(`${header}.${claims}`).digest('base64url'),
  )
})
