// Amplify's adapter takes the keys to verify tokens with from AWS, whatever endpoint is configured.
// Loaded by `--import`, this has that one host answer from the emulator. Not for production.
import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'

const aws = 'cognito-idp.us-east-1.amazonaws.com'
const emulator = process.env.NEXT_PUBLIC_COGNITO ?? 'http://127.0.0.1:9229'

const { fetch } = globalThis
globalThis.fetch = (input, init) => {
  const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input)
  return url.host === aws ? fetch(emulator + url.pathname, init) : fetch(input, init)
}

const { request } = https
https.request = (url, options, onResponse) => {
  const { host, hostname = host, pathname, path = pathname } = url
  if (hostname !== aws && !String(url).startsWith(`https://${aws}/`))
    return request(url, options, onResponse)
  const address = emulator + (path ?? new URL(url).pathname)
  return typeof options === 'function'
    ? http.request(address, options)
    : http.request(address, { method: options?.method, headers: { accept: '*/*' } }, onResponse)
}
syncBuiltinESMExports()
