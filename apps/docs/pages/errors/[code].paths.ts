import { actions, errorCodes } from '../../src/error-codes.ts'

const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n')

export default {
  paths: () =>
    errorCodes.map(({ code, kind, happened, causes, remedy }) => ({
      params: { code, kind, title: code },
      content: `${happened}

| kind | what an app does |
| --- | --- |
| \`${kind}\` | ${actions[kind]} |

## Where it comes from

${bullets(causes)}

## What to do

${remedy}

${kind === 'signed-out' ? 'Nobody is signed back in by a late answer, and requests that waited have this error.' : 'A request meets this error only when it has no usable token: while the token is good, a failed refresh is a `refresh` event and nothing else.'}

## Seen as

\`\`\`ts
import { findTokenError } from '@unexpired/core'
import { api } from './api.ts'

try {
  await api.get('/me')
} catch (error) {
  if (findTokenError(error)?.code === '${code}') {
    // ${actions[kind].replaceAll('`', '')}
  } else throw error
}
\`\`\`

[All error codes](/errors/) · [Errors, and what to tell people](/concepts/errors)
`,
    })),
}
