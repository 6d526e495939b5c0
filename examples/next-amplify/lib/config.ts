import type { ResourcesConfig } from 'aws-amplify'

/** The user pool: the emulator's here, `amplify_outputs.json` in an app of your own. */
export const config: ResourcesConfig = {
  Auth: {
    Cognito: {
      userPoolId: 'us-east-1_Emulator1',
      userPoolClientId: 'emulatorclient000000000000',
      userPoolEndpoint: process.env.NEXT_PUBLIC_COGNITO ?? 'http://127.0.0.1:9229',
    },
  },
}

/** The API that wants the tokens. */
export const apiUrl = process.env.NEXT_PUBLIC_API ?? 'http://127.0.0.1:4101'
