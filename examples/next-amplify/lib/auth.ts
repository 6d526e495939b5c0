import { createServerRunner } from '@aws-amplify/adapter-nextjs'
import { createServerAuth } from '@unexpired/amplify/next'
import { apiUrl, config } from './config'

const { runWithAmplifyServerContext } = createServerRunner({ config })

export const auth = createServerAuth({ config, origins: [apiUrl], runWithAmplifyServerContext })
