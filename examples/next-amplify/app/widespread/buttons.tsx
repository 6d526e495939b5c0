'use client'

import { Amplify } from 'aws-amplify'
import { fetchAuthSession } from 'aws-amplify/auth'
import axios from 'axios'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { apiUrl, config } from '@/lib/config'
import type { Order, Outcome } from '@/lib/orders'

Amplify.configure(config, { ssr: true })
const api = axios.create({ baseURL: apiUrl })
api.interceptors.request.use(async (request) => {
  let { tokens } = await fetchAuthSession()
  const endsAt = (tokens?.accessToken.payload.exp ?? 0) * 1000
  if (endsAt - Date.now() < 5_000) ({ tokens } = await fetchAuthSession({ forceRefresh: true }))
  request.headers.set('authorization', `Bearer ${tokens?.accessToken.toString() ?? ''}`)
  return request
})

const ways: Record<string, (action: () => Promise<Outcome>) => Promise<Outcome>> = {
  client: async () => ({ ok: true, order: (await api.get<Order>('/orders')).data }),
  action: (action) => action(),
  route: async () => (await fetch('/widespread/report')).json() as Promise<Outcome>,
}

export function Buttons({ action }: { action: () => Promise<Outcome> }) {
  const router = useRouter()
  const [answers, setAnswers] = useState<Record<string, Outcome & { count: number }>>({})
  const click = async (name: string) => {
    const outcome = await ways[name]!(action).catch((error: unknown): Outcome => ({
      ok: false,
      kind: 'failed',
      text: (error as Error).name,
    }))
    setAnswers((before) => ({
      ...before,
      [name]: { ...outcome, count: (before[name]?.count ?? 0) + 1 },
    }))
  }
  return (
    <div className="grid">
      {Object.keys(ways).map((name) => (
        <article className="card" key={name}>
          <button onClick={() => void click(name)} data-testid={`ask-${name}`}>
            {name}
          </button>
          <output
            data-testid={`answer-${name}`}
            data-count={answers[name]?.count ?? 0}
            data-ok={answers[name]?.ok}
          >
            {answers[name] && (answers[name].ok ? 'ok' : answers[name].text)}
          </output>
        </article>
      ))}
      <button onClick={() => router.refresh()} data-testid="refresh-page">
        Render
      </button>
    </div>
  )
}
