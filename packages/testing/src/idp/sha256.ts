/** A row of 32-bit words; unlike a typed array's, its reads are never `undefined`. */
const words = (count: number): DataView => new DataView(new ArrayBuffer(count * 4))

/** The first 32 bits of the fractional part of a root of each of the first primes (FIPS 180-4, 4.2.2 and 5.3.3). */
const fractions = (root: (n: number) => number, count: number): DataView => {
  const row = words(count)
  const primes: number[] = []
  for (let n = 2; primes.length < count; n++) {
    if (primes.some((prime) => n % prime === 0)) continue
    row.setUint32(primes.length * 4, (root(n) % 1) * 2 ** 32)
    primes.push(n)
  }
  return row
}

let constants: DataView | undefined
const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

const padded = (message: Uint8Array): DataView => {
  const blocks = words(Math.ceil((message.length + 9) / 64) * 16)
  new Uint8Array(blocks.buffer).set(message)
  blocks.setUint8(message.length, 0x80)
  blocks.setUint32(blocks.byteLength - 4, message.length * 8)
  return blocks
}

/**
 * SHA-256 (FIPS 180-4), synchronous: Web Crypto's is not, and a digest that takes a turn of the real
 * event loop would stand outside the virtual clock. For messages under 512 MiB; not constant in time.
 *
 * @internal
 */
export const sha256 = (message: Uint8Array): Uint8Array => {
  constants ??= fractions(Math.cbrt, 64)
  const blocks = padded(message)
  const state = fractions(Math.sqrt, 8)
  const w = words(64)
  for (let block = 0; block < blocks.byteLength; block += 64) {
    for (let i = 0; i < 64; i++) {
      w.setUint32(i * 4, i < 16 ? blocks.getUint32(block + i * 4) : extended(w, i))
    }
    const at = (i: number): number => state.getUint32(i * 4)
    let [a, b, c, d, e, f, g, h] = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)]
    for (let i = 0; i < 256; i += 4) {
      const choice = (e & f) ^ (~e & g)
      const majority = (a & b) ^ (a & c) ^ (b & c)
      const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const mixed = (h + sum1 + choice + constants.getUint32(i) + w.getUint32(i)) | 0
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + mixed) | 0, c, b, a, (mixed + sum0 + majority) | 0]
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state.setUint32(i * 4, at(i) + word)
  }
  return new Uint8Array(state.buffer)
}

const extended = (w: DataView, i: number): number => {
  const w15 = w.getUint32((i - 15) * 4)
  const w2 = w.getUint32((i - 2) * 4)
  const sigma0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3)
  const sigma1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10)
  return w.getUint32((i - 16) * 4) + sigma0 + w.getUint32((i - 7) * 4) + sigma1
}

/** HMAC-SHA-256 (RFC 2104). */
export const hmacSha256 = (key: Uint8Array, message: Uint8Array): Uint8Array => {
  const block = new Uint8Array(64)
  block.set(key.length > 64 ? sha256(key) : key)
  const keyed = (pad: number, rest: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(64 + rest.length)
    bytes.set(block.map((byte) => byte ^ pad))
    bytes.set(rest, 64)
    return sha256(bytes)
  }
  return keyed(0x5c, keyed(0x36, message))
}
