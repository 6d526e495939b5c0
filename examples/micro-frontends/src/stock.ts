import { withAuth } from '@unexpired/ky'
import ky from 'ky'
import { showList, type MicroFrontend } from './micro-frontend.ts'
import { session } from './session.ts'

interface Shelf {
  readonly item: string
  readonly left: number
}

const api = withAuth(ky.create({ prefix: window.shopConfig.apiUrl }), session())

export const stock: MicroFrontend = {
  title: 'Stock',
  client: 'ky',
  async load(element) {
    const shelves = await api.get('stock').json<Shelf[]>()
    showList(
      element,
      shelves.map(({ item, left }) => `${left} × ${item}`),
    )
  },
}
