/** What the demo does, and when: the same for every lane. */
export interface Plan {
  readonly totalMs: number
  /** When each request is sent, milliseconds from the start. */
  readonly requests: readonly number[]
  readonly disturbances: readonly Disturbance[]
}

/** Something that goes wrong, or nothing that happens, for a while. */
export interface Disturbance {
  readonly kind: 'idle' | 'outage' | 'drop'
  readonly label: string
  readonly fromMs: number
  readonly toMs: number
}

/** How long a token lives in the demo, seconds. */
export const tokenSeconds = 8

/**
 * Steady traffic with bursts, an idle gap longer than a token lives where there is time for it, an
 * outage of Cognito in the middle, and dropped connections near the end.
 */
export const planFor = (seconds: number): Plan => {
  const totalMs = seconds * 1000
  const during = (from: number, to: number): { fromMs: number; toMs: number } => ({
    fromMs: Math.round(totalMs * from),
    toMs: Math.round(totalMs * to),
  })
  const idle: Disturbance = { kind: 'idle', label: 'idle', ...during(0.14, 0.42) }
  const disturbances: Disturbance[] = [
    idle,
    // Shorter than callers wait for a refresh, so that an outage is bridged and not only survived.
    { kind: 'outage', label: 'Cognito down', ...during(0.52, 0.52 + Math.min(0.2, 6 / seconds)) },
    { kind: 'drop', label: 'dropped', ...during(0.84, 0.84 + Math.min(0.1, 2 / seconds)) },
  ]
  const isIdle = (ms: number): boolean => ms >= idle.fromMs && ms < idle.toMs
  const requests: number[] = []
  for (let ms = 0; ms < totalMs; ms += 250) if (!isIdle(ms)) requests.push(ms)
  // Bursts: the page that opens, the tab that is come back to, and one in each trouble.
  for (const { toMs, fromMs, kind } of disturbances) {
    const at = kind === 'idle' ? toMs : (fromMs + toMs) / 2
    for (let n = 0; n < 20; n++) requests.push(at)
  }
  for (let n = 0; n < 20; n++) requests.push(0)
  return {
    totalMs,
    requests: requests.filter((ms) => ms <= totalMs).toSorted((a, b) => a - b),
    disturbances,
  }
}
