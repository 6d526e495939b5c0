import { createFetch, type $Fetch } from 'ofetch'
import { withAuth } from '../../../../packages/ofetch/dist/index.js'
import { policyOf } from '../../contenders/ours.ts'
import type { Row } from '../../line.ts'
import { compare, constantHeader, stillWorld, thing, type Candidate } from './compare.ts'

const world = stillWorld()
const create = (): $Fetch =>
  createFetch({ fetch: world.fetch as typeof fetch, defaults: { baseURL: world.origin } })

const hooked = (): $Fetch =>
  create().create({
    async onRequest({ options }) {
      options.headers.set('authorization', await constantHeader())
    },
  })

export const row: Row = async (bench) => {
  const clients: readonly (Omit<Candidate, 'run'> & { readonly client: $Fetch })[] = [
    { name: 'ofetch, bare', role: 'limit', client: create() },
    { name: 'ofetch with a trivial async hook', role: 'limit', isHook: true, client: hooked() },
    { name: 'unexpired + ofetch', role: 'ours', client: withAuth(create(), policyOf(world)) },
  ]
  return [
    ...(await compare(
      bench,
      'ofetch GET',
      clients.map(({ client, ...rest }) => ({ ...rest, run: () => client('/things/1') })),
    )),
    ...(await compare(
      bench,
      'ofetch JSON POST',
      clients.map(({ client, ...rest }) => ({
        ...rest,
        run: () => client('/things', { method: 'POST', body: thing }),
      })),
    )),
  ]
}
