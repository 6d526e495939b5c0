/** How a client keeps its token. */
export type Pattern = 'unexpired' | 'widespread' | 'refusal-only'

/** What can be chosen in the playground. All times are milliseconds. */
export interface Settings {
  readonly pattern: Pattern
  readonly lifetime: number
  readonly latency: number
  readonly failure: 'none' | 'down' | 'throttled' | 'html' | 'no-answer' | 'lost-answer' | 'ended'
  readonly tabs: number
  readonly burst: number
  readonly traffic: 'idle' | 'steady'
  readonly rotation: 'on' | 'off'
}

interface Field<K extends keyof Settings> {
  readonly label: string
  readonly choices: readonly (readonly [value: Settings[K], label: string])[]
}

/** Every field, in the order of the form; the first choice that equals the default is selected. */
export const fields: { readonly [K in keyof Settings]: Field<K> } = {
  pattern: {
    label: 'Client',
    choices: [
      ['unexpired', 'Unexpired'],
      ['widespread', 'The widespread interceptor'],
      ['refusal-only', 'Refresh after a 401 only'],
    ],
  },
  burst: {
    label: 'Requests at expiry',
    choices: [
      [1, '1'],
      [5, '5'],
      [20, '20'],
      [50, '50'],
    ],
  },
  tabs: {
    label: 'Tabs',
    choices: [
      [1, '1'],
      [2, '2'],
      [4, '4'],
    ],
  },
  traffic: {
    label: 'Before that',
    choices: [
      ['idle', 'nobody at the keyboard'],
      ['steady', 'a request now and then'],
    ],
  },
  lifetime: {
    label: 'Token lifetime',
    choices: [
      [60_000, '1 minute'],
      [300_000, '5 minutes'],
      [900_000, '15 minutes'],
      [3_600_000, '1 hour'],
    ],
  },
  latency: {
    label: 'A refresh takes',
    choices: [
      [50, '50 ms'],
      [400, '400 ms'],
      [2_000, '2 s'],
    ],
  },
  failure: {
    label: 'Identity provider',
    choices: [
      ['none', 'works'],
      ['down', 'is down (503)'],
      ['throttled', 'throttles two refreshes'],
      ['html', 'hides once behind a proxy’s HTML'],
      ['no-answer', 'never answers one refresh'],
      ['lost-answer', 'loses one answer'],
      ['ended', 'has ended the session'],
    ],
  },
  rotation: {
    label: 'Refresh tokens',
    choices: [
      ['on', 'can be spent once'],
      ['off', 'can be spent again'],
    ],
  },
}

/** What a visitor sees first: twenty requests at expiry. */
export const defaults: Settings = {
  pattern: 'unexpired',
  lifetime: 900_000,
  latency: 400,
  failure: 'none',
  tabs: 1,
  burst: 20,
  traffic: 'idle',
  rotation: 'on',
}

/** The settings in the query of an address; what is not a choice is the default. */
export const settingsOf = (query: string): Settings => {
  const given = new URLSearchParams(query)
  const entries = Object.entries(fields).map(([name, { choices }]) => {
    const chosen = choices.find(([value]) => String(value) === given.get(name))
    return [name, chosen ? chosen[0] : defaults[name as keyof Settings]]
  })
  return Object.fromEntries(entries) as unknown as Settings
}

/** The query for these settings; defaults are left out. */
export const queryOf = (settings: Settings): string => {
  const changed = Object.entries(settings).filter(
    ([name, value]) => value !== defaults[name as keyof Settings],
  )
  const query = new URLSearchParams(changed.map(([name, value]) => [name, String(value)]))
  return query.size > 0 ? `?${query.toString()}` : ''
}
