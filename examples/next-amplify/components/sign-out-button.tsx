'use client'

import { signOut } from 'aws-amplify/auth'
import '@/lib/tokens'

export function SignOutButton() {
  return (
    <button className="quiet" onClick={() => void signOut()} data-testid="sign-out">
      Sign out
    </button>
  )
}
