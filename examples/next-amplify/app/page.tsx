import Link from 'next/link'

export default function Home() {
  return (
    <section className="hero">
      <h1>Stay signed in.</h1>
      <p>
        The tokens of this app live for 20 seconds. Sign in, wait as long as you like, and go on:
        nothing fails.
      </p>
      <p className="row">
        <Link href="/dashboard" className="button" prefetch={false}>
          Open the dashboard
        </Link>
        <Link href="/activity" className="button quiet" prefetch={false}>
          Watch requests and refreshes
        </Link>
      </p>
    </section>
  )
}
