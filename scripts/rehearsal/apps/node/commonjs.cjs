// An app in CommonJS: everything of ours by require.
const { setTimeout: wait } = require('node:timers/promises')

const { amplifyTokenProvider, amplifyTokens } = require('@unexpired/amplify')
const { withAuth: withAxios } = require('@unexpired/axios')
const core = require('@unexpired/core')
const { withAuth: withFetch, rehearsedFetch } = require('@unexpired/fetch')
const { withAuth: withGraphql } = require('@unexpired/graphql')
const { withAuth: withKy } = require('@unexpired/ky')
const { withAuth: withOfetch } = require('@unexpired/ofetch')
const axios = require('axios')
const { GraphQLClient } = require('graphql-request')
const { default: ky } = require('ky')
const { ofetch } = require('ofetch')

const { amplify, apiUrl, lifetimeMs } = JSON.parse(process.argv[2])

async function main() {
  // By import, since require would give another copy of Amplify than the one that is asked for tokens.
  const { Amplify } = await import('aws-amplify')
  const { signIn } = await import('aws-amplify/auth')

  const policy = core.createPolicy({ source: amplifyTokens(), origins: [apiUrl] })
  Amplify.configure(amplify, { Auth: { tokenProvider: amplifyTokenProvider(policy) } })
  await signIn({ username: 'alice', password: 'secret' })

  const byAxios = withAxios(axios.create({ baseURL: apiUrl }), policy)
  const byFetch = withFetch(fetch, policy)
  const byGraphql = withGraphql(new GraphQLClient(`${apiUrl}/graphql`), policy)
  const byKy = withKy(ky.create({ prefix: apiUrl }), policy)
  const byOfetch = withOfetch(ofetch.create({ baseURL: apiUrl }), policy)

  const ask = async () => {
    const answers = await Promise.all([
      byAxios.get('/me').then(({ data }) => data),
      byFetch(`${apiUrl}/me`).then((response) => response.json()),
      byGraphql.rawRequest('{ user }'),
      byKy('me').json(),
      byOfetch('/me'),
    ])
    return answers.map(({ data }) => data.user)
  }

  const before = await ask()
  await wait(lifetimeMs)
  const after = await ask()
  const rehearsed = core.rehearsedCore && rehearsedFetch
  console.log(JSON.stringify({ users: [...before, ...after], rehearsed }))
}

main()
