import { fetchAuthSession } from 'aws-amplify/auth'

/** What people paste: a forced refresh when the token ends within five minutes. Gives the access token. */
export const pasted = async (): Promise<string> => {
  let { tokens } = await fetchAuthSession()
  if (!tokens) throw new Error('signed-out')
  if (tokens.accessToken.payload.exp! * 1000 - Date.now() < 300_000)
    ({ tokens } = await fetchAuthSession({ forceRefresh: true }))
  if (!tokens) throw new Error('signed-out')
  return tokens.accessToken.toString()
}
