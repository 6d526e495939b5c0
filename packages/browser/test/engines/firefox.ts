import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { OpenTab } from '../tabs/tab.ts'
import { fromDebian } from './debian.ts'
import { untilReady, type Engine } from './engine.ts'

const settings = {
  // Tabs in the background would ask up to a second late, and not at once.
  'dom.min_background_timeout_value': 4,
  'dom.min_background_timeout_value_without_budget_throttling': 4,
  'dom.timeout.enable_budget_timer_throttling': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
}

interface Answer {
  readonly id: number
  readonly type: 'success' | 'error'
  readonly result: unknown
  readonly message?: string
}

interface Evaluated {
  readonly type: 'success' | 'exception'
  readonly result: { readonly value?: string }
  readonly exceptionDetails?: { readonly text: string }
}

/** Firefox, by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/). */
export const startFirefox = async (): Promise<Engine> => {
  const folder = mkdtempSync(join(tmpdir(), 'unexpired-firefox-'))
  const lines = Object.entries(settings).map((entry) => {
    const [name, value] = entry.map((part) => JSON.stringify(part))
    return `user_pref(${name}, ${value});\n`
  })
  writeFileSync(join(folder, 'user.js'), lines.join(''))
  const browser = spawn(
    fromDebian('firefox-esr', 'firefox-esr'),
    ['--headless', '--no-remote', '--profile', folder, '--remote-debugging-port', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  process.once('exit', () => browser.kill())
  const gone = new Promise<void>((resolve) => browser.once('exit', () => resolve()))
  const address = await new Promise<string>((resolve, reject) => {
    createInterface(browser.stderr).on('line', (line) => {
      const [, found] = /WebDriver BiDi listening on (\S+)/.exec(line) ?? []
      if (found) resolve(found)
    })
    void gone.then(() => reject(new Error('Firefox did not start.')))
  })

  const socket = new WebSocket(`${address}/session`)
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error(`No connection to ${address}`)))
  })
  const waiting = new Map<number, (answer: Answer) => void>()
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  let id = 0
  const send = async <R>(method: string, params: object): Promise<R> => {
    const own = ++id
    const answer = await new Promise<Answer>((resolve) => {
      waiting.set(own, resolve)
      socket.send(JSON.stringify({ id: own, method, params }))
    })
    if (answer.type === 'error') throw new Error(`${method}: ${answer.message}`)
    return answer.result as R
  }

  const tabOf = (context: string): OpenTab => ({
    async evaluate<R, A>(run: (arg: A) => R | Promise<R>, arg?: A): Promise<R> {
      const { type, result, exceptionDetails } = await send<Evaluated>('script.callFunction', {
        functionDeclaration: `async (given) => JSON.stringify((await (${String(run)})(JSON.parse(given))) ?? null)`,
        arguments: [{ type: 'string', value: JSON.stringify(arg ?? null) }],
        awaitPromise: true,
        target: { context },
      })
      if (type === 'exception') throw new Error(exceptionDetails?.text)
      return JSON.parse(result.value ?? 'null') as R
    },
  })

  const { capabilities } = await send<{ capabilities: { browserVersion: string } }>('session.new', {
    capabilities: {},
  })
  return {
    name: `Firefox ${capabilities.browserVersion.split('.')[0]}`,
    async profile() {
      const { userContext } = await send<{ userContext: string }>('browser.createUserContext', {})
      return {
        async open(url) {
          const { context } = await send<{ context: string }>('browsingContext.create', {
            type: 'tab',
            userContext,
          })
          await send('browsingContext.navigate', { context, url, wait: 'complete' })
          return untilReady(tabOf(context))
        },
        close: () => send('browser.removeUserContext', { userContext }),
      }
    },
    async close() {
      socket.close()
      browser.kill()
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
