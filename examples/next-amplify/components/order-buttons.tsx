'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { inWords } from '@/lib/in-words'
import type { Order, Outcome } from '@/lib/orders'
import { api } from '@/lib/tokens'

const inBrowser = async (): Promise<Outcome> => {
  try {
    return { ok: true, order: (await api.get<Order>('/orders')).data }
  } catch (error) {
    return { ok: false, ...inWords(error) }
  }
}

const byRoute = async (): Promise<Outcome> => {
  try {
    return (await (await fetch('/report')).json()) as Outcome
  } catch (error) {
    return { ok: false, ...inWords(error) }
  }
}

/** The same order by three ways: from the browser, by a server action, by a route handler. */
export function OrderButtons({ action }: { action: () => Promise<Outcome> }) {
  const router = useRouter()
  return (
    <div className="grid">
      <Way name="client" title="In the browser" text="axios, straight to the API" ask={inBrowser} />
      <Way name="action" title="Server action" text="The server calls the API" ask={action} />
      <Way name="route" title="Route handler" text="/report calls the API" ask={byRoute} />
      <article className="card">
        <h2>Server component</h2>
        <p>Renders this page again</p>
        <button onClick={() => router.refresh()} data-testid="refresh-page">
          Render
        </button>
      </article>
    </div>
  )
}

interface WayProps {
  readonly name: string
  readonly title: string
  readonly text: string
  readonly ask: () => Promise<Outcome>
}

function Way({ name, title, text, ask }: WayProps) {
  const [outcome, setOutcome] = useState<Outcome>()
  const [count, setCount] = useState(0)
  const [isBusy, setBusy] = useState(false)
  const click = async () => {
    setBusy(true)
    setOutcome(await ask().catch((error: unknown): Outcome => ({ ok: false, ...inWords(error) })))
    setCount((before) => before + 1)
    setBusy(false)
  }
  return (
    <article className="card">
      <h2>{title}</h2>
      <p>{text}</p>
      <button onClick={() => void click()} disabled={isBusy} data-testid={`ask-${name}`}>
        {isBusy ? 'Asking…' : 'Get an order'}
      </button>
      <output data-testid={`answer-${name}`} data-count={count} data-ok={outcome?.ok}>
        {outcome &&
          (outcome.ok ? `Order ${outcome.order.number} of ${outcome.order.user}` : outcome.text)}
      </output>
    </article>
  )
}
