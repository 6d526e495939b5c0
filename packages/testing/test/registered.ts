import type { TestFramework } from '../src/node/index.ts'

/** A test that a suite wants to be run. */
export interface Registered {
  readonly name: string
  readonly body: () => Promise<void>
}

/** What a suite registers, without a test framework. */
export const registered = (register: (framework: TestFramework) => void): Registered[] => {
  const tests: Registered[] = []
  register({ describe: (_, body) => body(), test: (name, body) => tests.push({ name, body }) })
  return tests
}
