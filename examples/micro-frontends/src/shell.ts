import { amplifyTokenProvider } from '@unexpired/amplify'
import { browserSignals } from '@unexpired/browser'
import { findTokenError } from '@unexpired/core'
import { Amplify } from 'aws-amplify'
import { signIn, signOut } from 'aws-amplify/auth'
import type { MicroFrontend } from './micro-frontend.ts'
import { session } from './session.ts'
import { createLane } from './lane.ts'

const find = (selector: string): HTMLElement => {
  const element = document.querySelector<HTMLElement>(selector)
  if (!element) throw new Error(`The page has no ${selector}.`)
  return element
}

const policy = session()
// The shell is where people sign in, so Amplify's own calls here use the policy as well.
Amplify.configure(window.shopConfig.amplify, {
  Auth: { tokenProvider: amplifyTokenProvider(policy) },
})
browserSignals(policy)

const counts = { requests: 0, failed: 0, refreshes: 0 }
const count = (what: keyof typeof counts): void => {
  find(`#${what}`).textContent = String(++counts[what])
}

/** Asks a micro-frontend to load its data once, and shows how that went. */
type Ask = () => Promise<void>

// Loaded at run time, from where each was deployed; none was built together with the shell.
const mount = async (name: string): Promise<Ask> => {
  const { [name]: part } = (await import(`/${name}/index.js`)) as Record<string, MicroFrontend>
  if (!part) throw new Error(`/${name}/index.js has no ${name}.`)
  find(`#${name} h2`).textContent = part.title
  find(`#${name} code`).textContent = part.client
  const list = find(`#${name} ul`)
  const lane = createLane(find(`#${name}-lane`))
  return async () => {
    count('requests')
    try {
      await part.load(list)
      lane.add('ok')
    } catch (error) {
      count('failed')
      lane.add('failed')
      find('#error').textContent = findTokenError(error)?.message ?? String(error)
    }
  }
}
const asks = await Promise.all(['orders', 'stock', 'reviews'].map(mount))

let tokenFrom = Date.now()
const showToken = (): void => {
  const { status, expiresAt = 0 } = policy.snapshot()
  const leftMs = Math.max(0, expiresAt - Date.now())
  find('#status').textContent = leftMs ? `${status}, ${Math.ceil(leftMs / 1_000)} s left` : status
  find('#left').style.setProperty(
    '--left',
    String(leftMs / Math.max(leftMs, expiresAt - tokenFrom)),
  )
}
const refreshes = createLane(find('#refreshes-lane'))
policy.subscribe((event) => {
  if (event.type === 'refresh' && event.outcome === 'refreshed') {
    count('refreshes')
    refreshes.add('refresh')
    tokenFrom = Date.now()
    find('#error').textContent = ''
  }
  if (event.type === 'session')
    document.body.classList.toggle('signed-in', event.status === 'signed-in')
  showToken()
})
setInterval(showToken, 250)

const run = document.querySelector<HTMLInputElement>('#run')
setInterval(() => {
  if (!run?.checked || !document.body.classList.contains('signed-in')) return
  for (const ask of asks) setTimeout(() => void ask(), Math.random() * 900)
}, 1_000)

find('#burst').addEventListener('click', () => {
  for (let call = 0; call < 10; call++) for (const ask of asks) void ask()
})
find('#sign-in').addEventListener('click', () => {
  void signIn({ username: 'alice', password: 'Secret-1' }).then(() => policy.token())
})
find('#sign-out').addEventListener('click', () => void signOut())

// Whoever was signed in still is: in another tab, or here before the page was loaded again.
await Promise.resolve(policy.token()).then(
  () => document.body.classList.add('signed-in'),
  () => {},
)
document.body.classList.add('ready')
