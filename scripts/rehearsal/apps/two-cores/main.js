// The adapter stands on an older core than the app: a policy of one, the errors of both.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'

import { withAuth } from '@unexpired/axios'
import * as newer from '@unexpired/core'
import axios from 'axios'
import { cognitoSource } from './cognito-source.js'

/** The very module that the adapter imports. */
const older = createRequire(import.meta.resolve('@unexpired/axios'))('@unexpired/core')
const versionIn = (folder) =>
  JSON.parse(readFileSync(`${folder}/node_modules/@unexpired/core/package.json`, 'utf8')).version

const { pool, apiUrl, lifetimeMs } = JSON.parse(process.argv[2])
const said = []
console.warn = (text) => said.push(text)

const source = await cognitoSource(pool)
const origins = [apiUrl]
const ofOlder = older.sharePolicy('main', () => older.createPolicy({ source, origins }))
const policy = newer.sharePolicy('main', () => newer.createPolicy({ source, origins }))

const api = withAuth(axios.create({ baseURL: apiUrl }), policy)
const ask = async () => (await api.get('/me')).data.data.user
const users = [await ask()]
await wait(lifetimeMs)
users.push(await ask())

// A source that was built with the older core, a policy of the newer, an adapter on the older.
const ended = newer.createPolicy({
  source: {
    name: 'ended',
    read: () => ({ value: 'spent', expiresAt: 1 }),
    refresh: () =>
      Promise.reject(new older.TokenError('session-expired', 'The session has ended.')),
  },
  origins,
})
const thrown = await withAuth(axios.create({ baseURL: apiUrl }), ended)
  .get('/me')
  .catch((error) => error)

const codes = (error) => [newer, older].map((core) => core.findTokenError(error)?.code)
console.log(
  JSON.stringify({
    versions: [versionIn('node_modules/@unexpired/axios'), versionIn('.')],
    samePolicy: ofOlder === policy,
    sameClass: newer.TokenError === older.TokenError,
    users,
    ofNewer: codes({ cause: new newer.TokenError('bad-token', 'Made by the newer.') }),
    ofOlder: codes({ cause: new older.TokenError('bad-token', 'Made by the older.') }),
    throughAll: codes(thrown),
    said,
  }),
)
