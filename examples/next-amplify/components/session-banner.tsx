'use client'

import { useSession } from '@unexpired/react'
import { usePathname } from 'next/navigation'
import { useEffect, useState } from 'react'
import { policy } from '@/lib/tokens'

/** How the session stands, in plain words; nothing while all is well. */
export function SessionBanner() {
  const { status, retryAt } = useSession(policy)
  const path = usePathname() ?? '/'
  const seconds = useSecondsUntil(retryAt)

  // A page that sends nothing by itself would not know that nobody is signed in.
  useEffect(() => void Promise.resolve(policy.token()).catch(() => {}), [])

  switch (status) {
    case 'offline':
      return (
        <p className="banner warn" role="status" data-testid="banner" data-status={status}>
          You are offline. What you see stays; we go on as soon as you are back.
        </p>
      )
    case 'cooling-down':
      return (
        <p className="banner warn" role="status" data-testid="banner" data-status={status}>
          Something is slow on our side.{' '}
          {seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again…'}{' '}
          <button onClick={() => void policy.refresh().catch(() => {})}>Try now</button>
        </p>
      )
    case 'signed-out':
      return (
        <p className="banner" role="status" data-testid="banner" data-status={status}>
          You are signed out. Your page is kept:{' '}
          <a href={`/sign-in?from=${encodeURIComponent(path)}`} data-testid="sign-in-again">
            sign in and come back here
          </a>
        </p>
      )
    case 'misconfigured':
      return (
        <p className="banner warn" role="alert" data-testid="banner" data-status={status}>
          This page is not set up correctly. We have been told.
        </p>
      )
    default:
      return null
  }
}

function useSecondsUntil(moment: number | undefined): number {
  const [now, setNow] = useState(0)
  useEffect(() => {
    if (moment === undefined) return
    setNow(Date.now())
    const timer = setInterval(() => {
      setNow(Date.now())
      // When the pause is over somebody has to ask; nothing is refreshed for an idle page.
      if (Date.now() >= moment) void Promise.resolve(policy.token()).catch(() => {})
    }, 1_000)
    return () => clearInterval(timer)
  }, [moment])
  return moment && now ? Math.max(0, Math.ceil((moment - now) / 1_000)) : 0
}
