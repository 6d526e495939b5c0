import * as core from '@unexpired/core'
import { withAuth } from '@unexpired/fetch'
import { cognitoSource } from '../cognito-source.js'

export const dynamic = 'force-dynamic'

const { pool, apiUrl, lifetimeMs } = JSON.parse(process.env.NEXT_PUBLIC_SETTINGS).server

/** The server's own session: before and after the end of its token. */
export async function GET() {
  const policy = core.createPolicy({ source: await cognitoSource(pool), origins: [apiUrl] })
  const api = withAuth(fetch, policy)
  const ask = async () => (await (await api(`${apiUrl}/me`)).json()).data.user
  const before = await ask()
  await new Promise((resolve) => setTimeout(resolve, lifetimeMs))
  const after = await ask()
  return Response.json({ users: [before, after], rehearsed: core.rehearsedCore })
}
