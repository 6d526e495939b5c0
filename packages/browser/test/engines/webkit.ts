import { spawn, type ChildProcess } from 'node:child_process'
import { globSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import type { OpenTab } from '../tabs/tab.ts'
import { fromDebian } from './debian.ts'
import { untilReady, type Engine, type Profile } from './engine.ts'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

const end = async (child: ChildProcess): Promise<void> => {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  await gone
}

/** A screen for a browser that has no headless form. */
const startScreen = async (): Promise<{ display: string; process: ChildProcess }> => {
  const screen = spawn(
    fromDebian('Xvfb', 'xvfb'),
    ['-displayfd', '3', '-screen', '0', '800x600x24'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  )
  const display = await new Promise<string>((resolve, reject) => {
    screen.stdio[3]!.once('data', (number: Buffer) => resolve(`:${String(number).trim()}`))
    screen.once('exit', () => reject(new Error('Xvfb did not start.')))
  })
  return { display, process: screen }
}

/** WebKitGTK, by WebDriver (https://www.w3.org/TR/webdriver2/). */
export const startWebKit = async (): Promise<Engine> => {
  const driverPath = fromDebian('WebKitWebDriver', 'webkit2gtk-driver')
  const [binary] = globSync('/usr/lib/*/webkit2gtk-4.1/MiniBrowser')
  const screen = await startScreen()
  const port = await freePort()
  const driver = spawn(driverPath, [`--port=${port}`], {
    env: {
      ...process.env,
      DISPLAY: screen.display,
      // Its sandbox needs a user other than root.
      ...(process.getuid?.() === 0 && { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }),
    },
    stdio: 'ignore',
  })
  process.once('exit', () => {
    driver.kill()
    screen.process.kill()
  })

  const send = async <R>(method: string, path: string, body?: object): Promise<R> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    })
    const { value } = (await answer.json()) as { value: R & { error?: string; message?: string } }
    if (!answer.ok) throw new Error(`${path}: ${value.error} ${value.message}`)
    return value
  }
  for (let tries = 0; ; tries++) {
    const isUp = await send('GET', '/status').then(
      () => true,
      () => false,
    )
    if (isUp) break
    if (tries === 100) throw new Error('WebKitWebDriver did not start.')
    await sleep(100)
  }

  const openProfile = async (): Promise<Profile & { readonly version: string }> => {
    const { sessionId, capabilities } = await send<{
      sessionId: string
      capabilities: { browserVersion: string }
    }>('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          'webkitgtk:browserOptions': { binary, args: ['--automation'] },
          timeouts: { script: 60_000 },
        },
      },
    })
    const session = `/session/${sessionId}`
    // One command at a time, in one window at a time: tabs take turns, and never wait in the middle.
    let last: Promise<unknown> = Promise.resolve()
    const inWindow = <R>(handle: string, script: string, args: unknown[]): Promise<R> => {
      const own = last.then(async () => {
        await send('POST', `${session}/window`, { handle })
        return send<R>('POST', `${session}/execute/sync`, { script, args })
      })
      last = own.catch(() => {})
      return own
    }
    let runs = 0
    const tabOf = (handle: string): OpenTab => ({
      async evaluate<R, A>(run: (arg: A) => R | Promise<R>, arg?: A): Promise<R> {
        const name = `run${++runs}`
        const start = `const [name, given] = arguments
          ;(async () => (${String(run)})(given))().then(
            (value) => { window[name] = { value: value ?? null } },
            (error) => { window[name] = { error: String(error) } })`
        await inWindow(handle, start, [name, arg ?? null])
        for (;;) {
          const ended = await inWindow<{ value: R; error?: string } | null>(
            handle,
            'return window[arguments[0]] ?? null',
            [name],
          )
          if (ended?.error) throw new Error(ended.error)
          if (ended) return ended.value
          await sleep(20)
        }
      },
    })
    return {
      version: capabilities.browserVersion,
      async open(url) {
        const { handle } = await send<{ handle: string }>('POST', `${session}/window/new`, {
          type: 'window',
        })
        await send('POST', `${session}/window`, { handle })
        await send('POST', `${session}/url`, { url })
        return untilReady(tabOf(handle))
      },
      close: () => send('DELETE', session),
    }
  }

  // The version is only said when a session begins.
  const first = await openProfile()
  await first.close()
  return {
    name: `WebKitGTK ${first.version}`,
    profile: openProfile,
    async close() {
      await end(driver)
      await end(screen.process)
    },
  }
}
