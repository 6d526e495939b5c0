import ky, { type KyInstance } from 'ky'
import { withAuth } from '../../../../packages/ky/dist/index.js'
import { policyOf } from '../../contenders/ours.ts'
import type { Row } from '../../line.ts'
import { compare, constantHeader, stillWorld, thing, type Candidate } from './compare.ts'

const world = stillWorld()
const create = (): KyInstance =>
  ky.create({ prefix: world.origin, fetch: world.fetch as typeof fetch })

const hooked = (): KyInstance =>
  create().extend({
    hooks: {
      beforeRequest: [
        async ({ request }) => {
          request.headers.set('authorization', await constantHeader())
        },
      ],
    },
  })

export const row: Row = async (bench) => {
  const clients: readonly (Omit<Candidate, 'run'> & { readonly client: KyInstance })[] = [
    { name: 'ky, bare', role: 'limit', client: create() },
    { name: 'ky with a trivial async hook', role: 'limit', isHook: true, client: hooked() },
    { name: 'unexpired + ky', role: 'ours', client: withAuth(create(), policyOf(world)) },
  ]
  return [
    ...(await compare(
      bench,
      'ky GET',
      clients.map(({ client, ...rest }) => ({ ...rest, run: () => client.get('things/1') })),
    )),
    ...(await compare(
      bench,
      'ky JSON POST',
      clients.map(({ client, ...rest }) => ({
        ...rest,
        run: () => client.post('things', { json: thing }),
      })),
    )),
  ]
}
