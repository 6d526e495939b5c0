import type { FetchFunction, OwnScene } from '@unexpired/testing/node'

/** What only fetch does, and does the same with a policy. */
export const scenes: readonly OwnScene<FetchFunction>[] = [
  {
    name: 'a Request with headers and a body',
    run: async (send, base) => {
      const headers = { 'x-one': '1', 'content-type': 'text/x-own' }
      const init = { method: 'POST', headers, body: 'words' }
      const answer = await send(new Request(`${base}/receipt?public`, init))
      return [answer.status, answer.url, answer.redirected, await answer.text()]
    },
  },
  {
    name: 'a Request whose init replaces its headers and its body',
    run: async (send, base) => {
      const request = new Request(`${base}/receipt?public`, { headers: { 'x-one': '1' } })
      return (await send(request, { method: 'PUT', headers: { 'x-two': '2' }, body: 'b' })).text()
    },
  },
  {
    name: 'a Request that has been sent already',
    run: async (send, base) => {
      const request = new Request(`${base}/receipt?public`, { method: 'POST', body: 'words' })
      await request.text()
      return send(request).catch((error: unknown) => (error as Error).name)
    },
  },
  { name: 'an address that is none', run: (send) => send('http://') },
  { name: 'a method that is none', run: (send, base) => send(base, { method: 'no way' }) },
  { name: 'a GET with a body', run: (send, base) => send(base, { body: 'words' }) },
  {
    name: 'a header that cannot be sent',
    run: (send, base) => send(base, { headers: { 'x-own': 'ü🙂' } }),
  },
  {
    name: 'a list of headers that is none',
    run: (send, base) =>
      send(base, { headers: [['alone']] as unknown as HeadersInit }).catch(
        (error: unknown) => (error as Error).name,
      ),
  },
  {
    name: 'headers of strange kinds',
    run: async (send, base) => {
      const url = `${base}/receipt?public`
      const odd = { 'x-none': undefined, 'x-number': 1 } as unknown as HeadersInit
      const map = new Map([['X-Map', '1']]) as unknown as HeadersInit
      return [
        await (await send(url, { headers: odd })).text(),
        (await send(url, { headers: map })).ok,
      ]
    },
  },
  {
    name: 'a redirect that is not followed',
    run: async (send, base) => (await send(`${base}/redirect`, { redirect: 'manual' })).status,
  },
]
