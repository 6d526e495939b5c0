import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

import { startRegistry } from './registry.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The temporary folder in which everything happens. */
    work: string
    registry: { readonly url: string; readonly npmrc: string }
  }
}

/** A temporary folder and an empty registry for the whole run, and neither afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const work = mkdtempSync(join(tmpdir(), 'unexpired-rehearsal-'))
  const clean = (): void => rmSync(work, { recursive: true, force: true, maxRetries: 5 })
  process.once('exit', clean)
  try {
    const { url, npmrc, close } = await startRegistry(join(work, 'registry'))
    project.provide('work', work)
    project.provide('registry', { url, npmrc })
    return async () => {
      await close()
      clean()
    }
  } catch (error) {
    clean()
    throw error
  }
}
