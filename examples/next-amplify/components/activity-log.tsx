'use client'

import { useEffect, useState } from 'react'
import { apiUrl } from '@/lib/config'

interface Entry {
  readonly at: number
  readonly kind: 'request' | 'refresh' | 'sign-in'
  readonly user: string
  readonly outcome: string
}

export function ActivityLog() {
  const [entries, setEntries] = useState<readonly Entry[]>([])
  useEffect(() => {
    const look = async () => {
      const response = await fetch(`${apiUrl}/activity`)
      setEntries((await response.json()) as Entry[])
    }
    const timer = setInterval(() => void look().catch(() => {}), 1_000)
    void look().catch(() => {})
    return () => clearInterval(timer)
  }, [])
  const count = (kind: Entry['kind']) => entries.filter((entry) => entry.kind === kind).length
  const refused = entries.filter(
    ({ kind, outcome }) => kind === 'request' && outcome !== '200',
  ).length
  return (
    <>
      <dl className="row figures">
        <div>
          <dt>Requests</dt>
          <dd>{count('request')}</dd>
        </div>
        <div>
          <dt>Refreshes</dt>
          <dd>{count('refresh')}</dd>
        </div>
        <div>
          <dt>Refused</dt>
          <dd>{refused}</dd>
        </div>
      </dl>
      <ol className="log">
        {entries
          .slice(-100)
          .toReversed()
          .map((entry, index) => (
            <li key={`${entry.at}-${index}`} data-kind={entry.kind}>
              <time>{new Date(entry.at).toLocaleTimeString()}</time>
              <span>{entry.kind}</span>
              <span>{entry.user}</span>
              <span>{entry.outcome}</span>
            </li>
          ))}
      </ol>
    </>
  )
}
