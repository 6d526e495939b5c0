'use client'

import { signIn, signOut } from 'aws-amplify/auth'
import { useState, type FormEvent } from 'react'
import { policy } from '@/lib/tokens'

export function SignInForm({ from }: { from: string }) {
  const [problem, setProblem] = useState('')
  const [isBusy, setBusy] = useState(false)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    try {
      // What is left of a session that has ended would be in Amplify's way.
      if (policy.snapshot().status !== 'unknown') await signOut().catch(() => {})
      await signIn({
        username: String(form.get('username')),
        password: String(form.get('password')),
      })
      location.assign(from)
    } catch (error) {
      setBusy(false)
      setProblem(
        (error as Error).name === 'NotAuthorizedException'
          ? 'This name and password do not match.'
          : 'Signing in does not work right now. Try again in a moment.',
      )
    }
  }

  return (
    <form className="card narrow" onSubmit={(event) => void submit(event)}>
      <h1>Sign in</h1>
      {from !== '/dashboard' && <p>Afterwards you are back where you were.</p>}
      <label>
        Name
        <input name="username" defaultValue="alice" autoComplete="username" required />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <p role="alert">{problem}</p>
      <button disabled={isBusy} data-testid="sign-in">
        {isBusy ? 'One moment…' : 'Sign in'}
      </button>
    </form>
  )
}
