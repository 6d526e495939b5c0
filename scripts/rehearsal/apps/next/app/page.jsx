'use client'

import { useSession } from '@unexpired/react'
import { useEffect } from 'react'
import { createSession } from './browser-session.js'

const { policy, play } = createSession(JSON.parse(process.env.NEXT_PUBLIC_SETTINGS))

export default function Page() {
  const { status } = useSession(policy)
  useEffect(() => {
    play()
      .catch((error) => ({ error: String(error) }))
      .then((result) => {
        window.result = result
      })
  }, [])
  return <p data-status={status}>The session is {status}.</p>
}
