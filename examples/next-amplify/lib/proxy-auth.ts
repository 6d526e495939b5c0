import { createServerAuth } from '@unexpired/amplify/next'
import { apiUrl, config } from './config'

/** For the proxy alone, which needs no more than this. */
export const auth = createServerAuth({ config, origins: [apiUrl] })
