// Every client, before and after the end of the token.
import { setTimeout as wait } from 'node:timers/promises'

import { amplifyTokenProvider, amplifyTokens } from '@unexpired/amplify'
import { withAuth as withAxios } from '@unexpired/axios'
import * as core from '@unexpired/core'
import * as fetchAdapter from '@unexpired/fetch'
import { withAuth as withGraphql } from '@unexpired/graphql'
import { withAuth as withKy } from '@unexpired/ky'
import { withAuth as withOfetch } from '@unexpired/ofetch'
import { Amplify } from 'aws-amplify'
import { signIn } from 'aws-amplify/auth'
import axios from 'axios'
import { GraphQLClient } from 'graphql-request'
import ky from 'ky'
import { ofetch } from 'ofetch'

const { amplify, apiUrl, lifetimeMs } = JSON.parse(process.argv[2])

const policy = core.createPolicy({ source: amplifyTokens(), origins: [apiUrl] })
Amplify.configure(amplify, { Auth: { tokenProvider: amplifyTokenProvider(policy) } })
await signIn({ username: 'alice', password: 'secret' })

const byAxios = withAxios(axios.create({ baseURL: apiUrl }), policy)
const byFetch = fetchAdapter.withAuth(fetch, policy)
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
const rehearsed = core.rehearsedCore && fetchAdapter.rehearsedFetch
console.log(JSON.stringify({ users: [...before, ...after], rehearsed }))
