import { withAuth } from '@unexpired/fetch'
import type { GetServerSideProps } from 'next'
import { auth } from '@/lib/auth'
import { fetchOrder, type Outcome } from '@/lib/orders'

export const getServerSideProps: GetServerSideProps<{ outcome: Outcome }> = async ({
  req,
  res,
}) => {
  const policy = await auth.policy({ request: req, response: res })
  const outcome = await fetchOrder(withAuth(fetch, policy))
  if (!outcome.ok && outcome.kind === 'signed-out')
    return { redirect: { destination: '/sign-in?from=/legacy', permanent: false } }
  return { props: { outcome } }
}

export default function Legacy({ outcome }: { outcome: Outcome }) {
  return (
    <main>
      <h1>The Pages Router</h1>
      <p data-testid="answer-page" data-ok={outcome.ok}>
        {outcome.ok ? `This page was rendered with order ${outcome.order.number}.` : outcome.text}
      </p>
    </main>
  )
}
