import { withAuth } from '@unexpired/ofetch'
import { ofetch } from 'ofetch'
import { showList, type MicroFrontend } from './micro-frontend.ts'
import { session } from './session.ts'

interface Review {
  readonly stars: number
  readonly text: string
}

const api = withAuth(ofetch.create({ baseURL: window.shopConfig.apiUrl }), session())

export const reviews: MicroFrontend = {
  title: 'Reviews',
  client: 'ofetch',
  async load(element) {
    const all = await api<Review[]>('/reviews')
    showList(
      element,
      all.map(({ stars, text }) => `${'★'.repeat(stars)} ${text}`),
    )
  },
}
