import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { CreatePolicy } from '@unexpired/testing/simulator'

/** One change to one file of core. */
export interface Patch {
  readonly file: string
  /** Stands in the file exactly once. */
  readonly find: string
  readonly replace: string
}

/** A core that is wrong in one way. */
export interface WrongCore {
  /** What is wrong with it, as a clause. */
  readonly name: string
  readonly patches: readonly Patch[]
}

const core = fileURLToPath(new URL('../../../core/src', import.meta.url))

/**
 * The text of a file of core with the change in it.
 *
 * @throws an `Error` where core has moved on and the change fits no longer
 */
export const patched = (source: string, { file, find, replace }: Patch): string => {
  const parts = source.split(find)
  if (parts.length !== 2)
    throw new Error(
      `In ${file} there is ${parts.length - 1} times, and should be once:\n${find}\nMend the patch.`,
    )
  return parts.join(replace)
}

/** Imports a copy of core with these changes; `dispose` removes the copy. */
export const importWrongCore = async ({
  name,
  patches,
}: WrongCore): Promise<{ create: CreatePolicy; dispose(): void }> => {
  const folder = mkdtempSync(join(tmpdir(), 'wrong-core-'))
  try {
    cpSync(core, folder, { recursive: true, filter: (path) => !path.endsWith('.test.ts') })
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    for (const patch of patches) {
      const file = join(folder, patch.file)
      writeFileSync(file, patched(readFileSync(file, 'utf8'), patch))
    }
    const { createPolicy } = (await import(pathToFileURL(join(folder, 'index.ts')).href)) as {
      createPolicy: CreatePolicy
    }
    return { create: createPolicy, dispose: () => rmSync(folder, { recursive: true }) }
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw new Error(`The wrong core "${name}" could not be made.`, { cause: error })
  }
}
