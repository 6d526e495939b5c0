import { afterEach, expect, test, vi } from 'vitest'

import { discard } from './discard.ts'

afterEach(() => vi.useRealTimers())

test('a short answer is read to its end, and no timer is left', async () => {
  vi.useFakeTimers()
  const answer = new Response('short')
  await discard(answer)
  expect(answer.bodyUsed).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test('an answer that cannot be cancelled troubles nobody', async () => {
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(50_000)),
    cancel: () => Promise.reject(new Error('it cannot be cancelled')),
  })
  await expect(discard(new Response(body))).resolves.toBeUndefined()
})

test('an answer without a body, and one that somebody reads, are left alone', async () => {
  const answer = new Response('words')
  const reader = answer.body?.getReader()
  await discard(new Response(null))
  await discard(answer)
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('words')
})
