import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSrpClient } from '../test/srp-client.ts'
import {
  bytesOf,
  createServerPair,
  createVerifier,
  isPasswordOf,
  modPow,
  N,
  readPublicKey,
  sessionKey,
} from './srp.ts'

function serverKey(
  password: string,
  srpA: string,
): { key: Uint8Array; salt: string; srpB: string } {
  const verifier = createVerifier('Pool1', 'alice', password)
  const pair = createServerPair(verifier)
  const key = sessionKey(verifier, pair, readPublicKey(srpA) as bigint)
  return { key, salt: verifier.salt, srpB: pair.publicKey.toString(16) }
}

describe('the key', () => {
  test('is the same on both sides for the right password, whatever the bits that the numbers begin with', () => {
    const passwords = fc.string({ minLength: 1, unit: 'grapheme' })
    const same = fc.property(passwords, (password) => {
      const client = createSrpClient()
      const server = serverKey(password, client.srpA)
      const key = client.key('Pool1', 'alice', password, server.salt, server.srpB)
      expect(key).toEqual(Buffer.from(server.key))
    })
    fc.assert(same, { numRuns: 25 })
  })

  test.each([
    ['password', 'Pool1', 'alice', 'Secret'],
    ['user', 'Pool1', 'bob', 'secret'],
    ['pool', 'Pool2', 'alice', 'secret'],
  ])('is another one for another %s', (_, pool, username, password) => {
    const client = createSrpClient()
    const server = serverKey('secret', client.srpA)
    expect(client.key(pool, username, password, server.salt, server.srpB)).not.toEqual(
      Buffer.from(server.key),
    )
  })
})

describe('integers', () => {
  test.each([
    [0n, '00'],
    [20n, '14'],
    [127n, '7f'],
    [128n, '0080'],
    [236n, '00ec'],
    [0x1234n, '1234'],
    [0x8234n, '008234'],
  ])('%s is hashed as %s, the way Java writes it', (value, hex) => {
    expect(Buffer.from(bytesOf(value)).toString('hex')).toBe(hex)
  })

  test('modPow is repeated multiplication modulo N', () => {
    const repeated = fc.property(fc.bigInt(0n, N), fc.nat(40), (base, exponent) => {
      expect(modPow(base, BigInt(exponent))).toBe(base ** BigInt(exponent) % N)
    })
    fc.assert(repeated, { numRuns: 50 })
  })
})

describe('SRP_A', () => {
  test('is refused where the key would be known to everybody', () => {
    expect(readPublicKey('0')).toBeUndefined()
    expect(readPublicKey(N.toString(16))).toBeUndefined()
    expect(readPublicKey((N + 1n).toString(16))).toBe(N + 1n)
  })

  test('is refused where it is no number, or too long to be meant', () => {
    expect(readPublicKey('')).toBeUndefined()
    expect(readPublicKey('xyz')).toBeUndefined()
    expect(readPublicKey('1'.repeat(771))).toBeUndefined()
  })
})

test('a verifier tells its password from others, and two of the same password differ', () => {
  const verifier = createVerifier('Pool1', 'alice', 'secret')
  expect(isPasswordOf(verifier, 'Pool1', 'alice', 'secret')).toBe(true)
  expect(isPasswordOf(verifier, 'Pool1', 'alice', 'Secret')).toBe(false)
  expect(createVerifier('Pool1', 'alice', 'secret').value).not.toBe(verifier.value)
})
