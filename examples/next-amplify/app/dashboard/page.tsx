import { withAuth } from '@unexpired/fetch'
import { getCurrentUser } from 'aws-amplify/auth/server'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { OrderButtons } from '@/components/order-buttons'
import { SessionBanner } from '@/components/session-banner'
import { SignOutButton } from '@/components/sign-out-button'
import { auth } from '@/lib/auth'
import { inWords } from '@/lib/in-words'
import { fetchOrder } from '@/lib/orders'
import { placeOrder } from './actions'

/** Who it is, by a token that was verified here; or why that is not known. */
const whoIsIt = () =>
  auth
    .run({ cookies }, (amplify) => getCurrentUser(amplify))
    .then(
      ({ username }) => `Hello, ${username}.`,
      (error: unknown) => inWords(error).text,
    )

export default async function Dashboard() {
  const outcome = await fetchOrder(withAuth(fetch, await auth.policy({ cookies })))
  if (!outcome.ok && outcome.kind === 'signed-out') redirect('/sign-in?from=/dashboard')
  return (
    <>
      <SessionBanner />
      <div className="row spread">
        <h1 data-testid="who">{await whoIsIt()}</h1>
        <SignOutButton />
      </div>
      <p data-testid="answer-page" data-ok={outcome.ok}>
        {outcome.ok ? `This page was rendered with order ${outcome.order.number}.` : outcome.text}
      </p>
      <OrderButtons action={placeOrder} />
    </>
  )
}
