import { redirect } from 'next/navigation'
import { placeOrder } from './actions'
import { fetchOrder } from './auth'
import { Buttons } from './buttons'

/** The widespread pattern, for comparison: no policy and no proxy. Leave this folder out of an app of your own. */
export default async function Widespread() {
  const outcome = await fetchOrder()
  if (!outcome.ok && outcome.kind === 'signed-out') redirect('/sign-in?from=/widespread')
  return (
    <>
      <h1>The widespread pattern</h1>
      <p data-testid="answer-page" data-ok={outcome.ok}>
        {outcome.ok ? `Rendered with order ${outcome.order.number}.` : outcome.text}
      </p>
      <Buttons action={placeOrder} />
    </>
  )
}
