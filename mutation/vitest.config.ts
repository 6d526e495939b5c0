import { defineConfig } from 'vitest/config'
import shared from '../vitest.shared.ts'

// A mutant often makes a test wait in vain: that is found sooner here than in the suite.
export default defineConfig({
  ...shared,
  test: { ...shared.test, reporters: [], coverage: { enabled: false }, testTimeout: 5_000 },
})
