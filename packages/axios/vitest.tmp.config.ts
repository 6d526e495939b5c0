import { mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'
export default mergeConfig(shared, {
  resolve: { alias: { axios: process.env.AX } },
  test: { reporters: ['default'], server: { deps: { inline: [/axios/] } } },
})
