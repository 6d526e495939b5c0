/** The first 32 bits of the fractional part of a root of one of the first primes (FIPS 180-4, 4.2.2 and 5.3.3). */
const fraction = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) >>> 0

const primes = (count: number): number[] => {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n)
  return found
}

const roundConstants = /* @__PURE__ */ (() => primes(64).map((p) => fraction(Math.cbrt(p))))()
const initialState = /* @__PURE__ */ (() => primes(8).map((p) => fraction(Math.sqrt(p))))()
const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

const padded = (message: Uint8Array): DataView => {
  const blocks = Math.ceil((message.length + 9) / 64)
  const bytes = new Uint8Array(blocks * 64)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(bytes.length - 4, message.length * 8)
  return view
}

/**
 * SHA-256 (FIPS 180-4), synchronous: Web Crypto's is not, and a digest that takes a turn of the real
 * event loop would stand outside the virtual clock. For messages under 512 MiB; not constant in time.
 */
export const sha256 = (message: Uint8Array): Uint8Array => {
  const blocks = padded(message)
  const state = [...initialState]
  const words = new Uint32Array(64)
  for (let block = 0; block < blocks.byteLength; block += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) {
        words[i] = blocks.getUint32(block + i * 4)
        continue
      }
      const w15 = words[i - 15]!
      const w2 = words[i - 2]!
      const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3)
      const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10)
      words[i] = words[i - 16]! + s0 + words[i - 7]! + s1
    }
    let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const choice = (e & f) ^ (~e & g)
      const majority = (a & b) ^ (a & c) ^ (b & c)
      const t1 = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + roundConstants[i]! + words[i]!) | 0
      const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
    }
    for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i]! + value) | 0
  }
  const digest = new DataView(new ArrayBuffer(32))
  for (const [i, word] of state.entries()) digest.setInt32(i * 4, word)
  return new Uint8Array(digest.buffer)
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
