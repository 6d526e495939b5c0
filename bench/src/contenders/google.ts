import { OAuth2Client } from 'google-auth-library'
import type { Contender } from './contender.ts'

/**
 * With a refresh token, its own endpoint setting, and `forceRefreshOnFailure`, without which it answers
 * no 401. It drops a rotated refresh token; the event that its README shows for that comes too early to
 * give it back, so it is given back at the next call.
 */
export const googleOauth: Contender = {
  name: "google-auth-library 11.3.4's OAuth2Client",
  role: 'peer',
  note: 'forceRefreshOnFailure; rotated refresh tokens given back by hand',
  begin(world) {
    const client = new OAuth2Client({
      clientId: 'bench',
      clientSecret: 'bench',
      forceRefreshOnFailure: true,
      endpoints: { oauth2TokenUrl: `${world.origin}/token` },
      transporterOptions: { fetchImplementation: world.fetch as typeof fetch },
    })
    let rotated: string | null | undefined
    client.on('tokens', (tokens) => (rotated = tokens.refresh_token))
    const { accessToken, refreshToken, expiresAt } = world.tokens
    client.setCredentials({
      access_token: accessToken,
      refresh_token: refreshToken,
      expiry_date: expiresAt,
    })
    return {
      send: async (path) => {
        if (rotated && client.credentials.refresh_token !== rotated)
          client.setCredentials({ ...client.credentials, refresh_token: rotated })
        return (
          await client.request({ url: world.origin + path, responseType: 'text', retry: false })
        ).status
      },
    }
  },
}
