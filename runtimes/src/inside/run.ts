/**
 * The smallest test framework that does, the same for every runtime: it tells what it is going to run and
 * what came of each case, in lines of JSON, so that whoever reads them misses what never ran.
 */
import type { TestFramework } from '@unexpired/testing/node'
import type { Told } from './told.ts'

const tell = (line: Told): void => console.log(JSON.stringify(line))

/** Where an error came from; the stack begins with the message on V8, and not on JavaScriptCore. */
const described = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { name, message, stack = '' } = error
  return stack.includes(message) ? stack : `${name}: ${message}\n${stack}`
}

const { Deno, Bun } = globalThis as {
  Deno?: { readonly version: { readonly deno: string } }
  Bun?: { readonly version: string }
}

/** As `Node 24.21.0`: what this really runs on, whatever it was started as. */
const runtime = (): string => {
  if (Deno) return `Deno ${Deno.version.deno}`
  if (Bun) return `Bun ${Bun.version}`
  return `Node ${process.versions.node}`
}

/** Runs what is registered with the framework that it gives, and ends the process. */
export const run = async (register: (framework: TestFramework) => void): Promise<never> => {
  const tests: { readonly name: string; readonly body: () => Promise<void> }[] = []
  const titles: string[] = []
  register({
    describe: (title, body) => {
      titles.push(title)
      body()
      titles.pop()
    },
    test: (name, body) => tests.push({ name: [...titles, name].join(' > '), body }),
  })

  process.on('unhandledRejection', (error) => tell({ uncaught: described(error) }))
  process.on('uncaughtException', (error) => tell({ uncaught: described(error) }))

  tell({ runtime: runtime() })
  tell({ registered: tests.map(({ name }) => name) })
  for (const { name, body } of tests) {
    const start = performance.now()
    let failure = {}
    try {
      await body()
    } catch (error) {
      failure = { failure: described(error) }
    }
    tell({ name, ms: performance.now() - start, ...failure })
  }
  // A rejection is reported as unhandled only once the event loop has turned.
  await new Promise((resolve) => setTimeout(resolve, 10))
  tell({ finished: true })
  process.exit()
}
