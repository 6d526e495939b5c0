import { SignInForm } from '@/components/sign-in-form'

export default async function SignIn({
  searchParams,
}: {
  searchParams: Promise<{ from?: string }>
}) {
  const { from = '/dashboard' } = await searchParams
  // Only to a page of this app.
  return <SignInForm from={/^\/(?![/\\])/.test(from) ? from : '/dashboard'} />
}
