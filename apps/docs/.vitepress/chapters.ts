/** One page of the site: where it is, what it is called, and what it answers. */
export interface Page {
  readonly link: string
  readonly text: string
}

/** The order in which the site is read; the sidebar and llms.txt are made of it. */
export const chapters: readonly { readonly text: string; readonly items: readonly Page[] }[] = [
  {
    text: 'Start',
    items: [
      { link: '/start/', text: 'Quick start' },
      { link: '/start/why', text: 'Why' },
      { link: '/start/how-it-works', text: 'How it works' },
      { link: '/playground', text: 'Playground' },
    ],
  },
  {
    text: 'Concepts',
    items: [
      { link: '/concepts/zones', text: 'Zones and the buffer' },
      { link: '/concepts/one-flight', text: 'One flight' },
      { link: '/concepts/refusals', text: 'Refusals and replays' },
      { link: '/concepts/errors', text: 'Errors, and what to tell people' },
      { link: '/concepts/clocks', text: 'Skew, sleep and wake' },
      { link: '/guides/many-tabs', text: 'Many tabs' },
      { link: '/guides/micro-frontends', text: 'Micro-frontends' },
      { link: '/concepts/server-rendering', text: 'Server rendering' },
      { link: '/concepts/security', text: 'Security model' },
    ],
  },
  {
    text: 'Guides: clients',
    items: [
      { link: '/guides/axios', text: 'axios' },
      { link: '/guides/fetch', text: 'fetch' },
      { link: '/guides/ky', text: 'ky' },
      { link: '/guides/ofetch', text: 'ofetch' },
      { link: '/guides/graphql', text: 'GraphQL' },
    ],
  },
  {
    text: 'Guides: token sources',
    items: [
      { link: '/guides/amplify', text: 'AWS Amplify' },
      { link: '/guides/nextjs', text: 'Next.js with Amplify' },
      { link: '/guides/oauth-endpoint', text: 'An OAuth refresh endpoint' },
      { link: '/guides/cookie-endpoint', text: 'A cookie endpoint' },
    ],
  },
  {
    text: 'Guides: in production',
    items: [
      { link: '/guides/test-expiry', text: "Test your app's expiry" },
      { link: '/guides/observability', text: 'Observability' },
      { link: '/guides/react', text: 'React' },
      { link: '/guides/react-native', text: 'React Native' },
      { link: '/guides/write-an-adapter', text: 'Write an adapter' },
    ],
  },
  {
    text: 'Coming from',
    items: [
      { link: '/guides/from-axios-interceptors', text: 'axios interceptors' },
      { link: '/guides/from-axios-auth-refresh', text: 'axios-auth-refresh' },
      { link: '/guides/from-urql-auth-exchange', text: "urql's authExchange" },
    ],
  },
  {
    text: 'Help',
    items: [
      { link: '/troubleshooting', text: 'Troubleshooting' },
      { link: '/errors/', text: 'Error codes' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { link: '/reference/options', text: 'Options' },
      { link: '/reference/events', text: 'Events and status' },
      { link: '/reference/api/', text: 'API' },
      { link: '/reference/sizes', text: 'Sizes and versions' },
      { link: '/reference/changelogs/', text: 'Changelogs' },
    ],
  },
]
