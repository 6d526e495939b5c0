import { createUserPool, type AmplifyConfig } from '@unexpired/cognito-emulator'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A pool with alice in it, one whose answers no page may read, and one that is not there. */
    readonly pools: Readonly<Record<'good' | 'unreadable' | 'absent', AmplifyConfig>>
  }
}

/** The user pools that the tests in a browser talk to: they run in Node, before them. */
export const setup = async ({ provide }: TestProject): Promise<() => Promise<unknown>> => {
  const good = await createUserPool({ users: { alice: 'Passw0rd!' }, rotation: true })
  const unreadable = await createUserPool()
  unreadable.fail({ with: { kind: 'html', status: 403, cors: false } })
  const absent = await createUserPool()
  await absent.close()
  provide('pools', {
    good: good.amplifyConfig,
    unreadable: unreadable.amplifyConfig,
    absent: absent.amplifyConfig,
  })
  return () => Promise.all([good.close(), unreadable.close()])
}
