import { withAuth } from '@unexpired/axios'
import axios from 'axios'
import { showList, type MicroFrontend } from './micro-frontend.ts'
import { session } from './session.ts'

interface Order {
  readonly number: number
  readonly item: string
}

const api = withAuth(axios.create({ baseURL: window.shopConfig.apiUrl }), session())

export const orders: MicroFrontend = {
  title: 'Orders',
  client: 'axios',
  async load(element) {
    const { data } = await api.get<Order[]>('/orders')
    showList(
      element,
      data.map(({ number, item }) => `#${number} ${item}`),
    )
  },
}
