/** A process of its own, so that what the servers do is not counted as what the clients cost. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createProvider, type Conduct } from './provider.ts'

/** What the bench asks of the servers. */
export type Order =
  | { readonly kind: 'conduct'; readonly conduct: Partial<Conduct> }
  | { readonly kind: 'begin'; readonly ageMs: number }
  | { readonly kind: 'revoke'; readonly accessToken: string }
  | { readonly kind: 'release'; readonly path: string }
  | { readonly kind: 'count' }

const provider = createProvider(() => Date.now())
let held: (() => void)[] = []
/** What is answered at once while the rest is held. */
const passing = new Set<string>()

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => (body += chunk))
  request.on('end', () => {
    const { method = '', url = '', headers } = request
    const {
      status,
      body: text,
      latencyMs,
    } = provider.answer({ method, path: url, authorization: headers.authorization, body })
    const send = (): void => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'content-length': text.length,
      })
      response.end(text)
    }
    if (provider.conduct.isHolding && url !== '/token' && !passing.has(url)) held.push(send)
    else if (latencyMs) setTimeout(send, latencyMs)
    else send()
  })
})

const obey = (order: Order): unknown => {
  switch (order.kind) {
    case 'conduct':
      Object.assign(provider.conduct, order.conduct)
      if (!provider.conduct.isHolding) for (const send of held.splice(0)) send()
      return { held: held.length }
    case 'begin': {
      held = []
      Object.assign(provider.counts, { refreshes: 0, reuses: 0, requests: 0, refusals: 0 })
      return provider.issue(order.ageMs)
    }
    case 'revoke':
      return provider.revoke(order.accessToken)
    case 'release':
      return void passing.add(order.path)
    case 'count':
      return { ...provider.counts, held: held.length }
  }
}

process.on('message', (order: Order) => process.send?.({ answer: obey(order) ?? null }))
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', 65_535, () => {
  process.send?.({ answer: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})
