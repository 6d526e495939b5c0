import type { TokenSource } from '@unexpired/core'
import { scriptedIdp, type Device, type ScriptedIdp } from '../idp/scripted-idp.ts'
import { seededRandom } from '../seeded-random.ts'
import { virtualClock } from '../virtual-clock.ts'
import { freezer } from './freezer.ts'
import { ruleBook, type RuleBook } from './rule-book.ts'
import type { Schedule, Step, World } from './schedule.ts'
import { coordinatorHub } from './simulated-coordinator.ts'
import { scriptedSourceOf } from './slow-reads.ts'
import { simulatedFetch } from './simulated-endpoint.ts'
import { openTab, type CreatePolicy, type SimulatedTab } from './simulated-tab.ts'
import type { SourceContext } from './source-context.ts'
import { timeline, type Entry } from './timeline.ts'
import { watchingRejections } from './unhandled.ts'

/** What a run has shown. */
export interface RunResult {
  /** Empty when every rule held. */
  readonly violations: readonly string[]
  /** What happened, in order. */
  readonly entries: readonly Entry[]
  /** How many refreshes the identity provider has seen. */
  readonly refreshes: number
}

/** How a schedule is run. */
export interface RunOptions {
  /** What makes the policies; default: core's `createPolicy`. */
  readonly create?: CreatePolicy | undefined
  /**
   * Makes the source of a tab, to try one of your own. Default: the scripted one. With it no session
   * is out of sight, whatever the schedule says.
   */
  readonly source?: ((context: SourceContext) => TokenSource) | undefined
}

/** What makes a refresh token be spent twice, or a session be lost, whatever the policy does. */
const harmful = /^(skew|freeze|end-sessions|dispose|sleep|fault|outage)$/

const say = (step: Step): string => JSON.stringify({ ...step, after: undefined })

interface Stage {
  readonly world: World
  readonly clock: ReturnType<typeof virtualClock>
  readonly idp: ScriptedIdp
  readonly device: Device
  readonly rules: RuleBook
  readonly tabs: readonly (SimulatedTab & { readonly freeze: (ms: number) => void })[]
  readonly outages: (() => void)[]
  refuseAll(isOn: boolean): void
}

/** Does what ends the pause after a failure in these tabs, and looks whether it does. */
const endingPauses = async (
  { clock }: Stage,
  tabs: Stage['tabs'],
  act: () => void,
): Promise<void> => {
  const ends = tabs.map(({ watch }) => watch.pauseEnds())
  act()
  for (const { watch } of tabs) watch.excuse()
  for (const end of ends) end.atOnce()
  await clock.advance(0)
  for (const end of ends) end.soon()
}

const perform = (stage: Stage, step: Step): Promise<void> | void => {
  const { clock, idp, device, rules, tabs, outages } = stage
  const tab = 'tab' in step ? tabs[step.tab] : undefined
  const until = (ms: number, mend: () => void): void => {
    const timer = clock.setTimeout(mend, ms)
    outages.push(() => (clock.clearTimeout(timer), mend()))
  }
  switch (step.do) {
    case 'token':
      for (let n = 0; n < step.count; n++) tab?.token(step.abortMs, step.insist)
      return
    case 'request':
      for (let n = 0; n < step.count; n++) {
        if (step.everyMs) clock.setTimeout(() => tab?.request(step), n * step.everyMs)
        else tab?.request(step)
      }
      return
    case 'refresh':
      return tab?.refresh(step.ifCurrent)
    case 'recheck':
      if (step.hidden !== undefined) tab?.watch.provider.hidden(step.hidden)
      if (tab && step.online) return endingPauses(stage, [tab], () => tab.policy.recheck(step))
      return tab?.policy.recheck(step)
    case 'sign-in': {
      const { subscribe, readMs, hiddenSession } = stage.world
      // A session out of sight shows no sign-in of the same user.
      const areTold = subscribe && readMs === undefined && !hiddenSession
      return endingPauses(stage, areTold ? tabs : [], () =>
        rules.signedIn(device.signIn(step.user)),
      )
    }
    case 'sign-out':
      rules.signedOut()
      return device.signOut()
    case 'revoke-access':
      return idp.revokeAccess(device.stored)
    case 'refuse-all':
      stage.refuseAll(true)
      return until(step.forMs, () => stage.refuseAll(false))
    case 'end-sessions':
      rules.ended()
      return idp.endSessions(undefined, step.why)
    case 'fault':
      return idp.next(step.fault)
    case 'outage':
      idp.always(step.fault)
      return until(step.forMs, () => idp.always(undefined))
    case 'freeze':
      tab?.watch.frozen()
      return tab?.freeze(step.forMs)
    case 'sleep':
      rules.slept()
      return clock.jump(step.ms, { timers: step.timers })
    case 'skew':
      idp.skewMs += step.ms
      return rules.skewed()
    case 'dispose':
      return tab?.dispose()
  }
}

/** Nothing goes wrong any more: everybody who waits is served, and nothing is left behind. */
const finish = async (stage: Stage, isHarmless: boolean): Promise<void> => {
  const { world, clock, idp, device, rules, tabs, outages } = stage
  for (const mend of outages) mend()
  await clock.advance(60_000)
  for (const { policy, watch, isDisposed } of tabs) {
    if (isDisposed || rules.session === undefined || rules.isOver) continue
    watch.provider.hidden(false)
    watch.excuse()
    policy.recheck({ online: true, hidden: false })
    await clock.advance(15_000)
    const wait = watch.waitStarts('the last token()', undefined)
    void Promise.resolve(policy.token()).then(
      (token) => {
        wait.answered(undefined)
        watch.handedOut(token)
      },
      (error: unknown) => {
        wait.answered(error)
        if (isHarmless && world.coordinator !== 'hangs' && !idp.spentTwice)
          watch.violate(
            'liveness',
            `no token although everything works: ${(error as Error).message}`,
          )
      },
    )
    await clock.advance(45_000)
  }
  const { stored } = device
  const isOthers = stored && rules.sessionOf(stored.value) !== rules.session
  if (world.subscribe && isOthers && !rules.isOver) {
    rules.violate(
      6,
      rules.session === undefined
        ? 'somebody was signed back in'
        : 'the store holds a token of another session',
    )
  }
  if (
    isHarmless &&
    // The cookie of a hidden session comes with the answer, even where nobody wants it any longer.
    !world.hiddenSession &&
    world.rotation &&
    (world.tabs === 1 || world.coordinator === 'sound') &&
    idp.spentTwice
  )
    rules.violate(1, 'a refresh token was spent twice')
  for (const { watch } of tabs) watch.close()
  for (const tab of tabs) if (!tab.isDisposed) tab.dispose()
  await clock.advance(60_000)
  if (clock.pending) rules.violate(4, `${clock.pending} timers are left`)
}

/**
 * Runs a schedule under a virtual clock, with the real core, and checks all rules after each step and
 * at the end. The same schedule gives the same run.
 */
export const runSchedule = async (
  schedule: Schedule,
  { create, source: ownSource }: RunOptions = {},
): Promise<RunResult> => {
  const { steps, seed } = schedule
  const world = ownSource ? { ...schedule.world, hiddenSession: false } : schedule.world
  const clock = virtualClock({ seed })
  const line = timeline(() => clock.monotonic())
  const idp = scriptedIdp({ ...world, runtime: clock, seed, sessionMs: 365 * 86_400_000 })
  const device = idp.device({ lagMs: world.lagMs })
  const rules = ruleBook({ world, idp, device, clock, line })
  const coordinatorOf = coordinatorHub(clock, world.coordinator, seededRandom(seed + 1))
  let refusesAll = false

  const tabs = Array.from({ length: world.tabs }, (_, index) => {
    const ice = freezer(clock)
    const scripted = scriptedSourceOf(device, world, clock)
    const fetch = simulatedFetch(idp)
    const source = ownSource?.({ tab: index, world, runtime: ice.runtime, scripted, fetch })
    const tab = openTab({
      index,
      world,
      idp,
      clock,
      freezer: ice,
      coordinator: coordinatorOf(),
      create,
      source: source ?? scripted,
      rules,
      refusesAll: () => refusesAll,
    })
    return Object.assign(tab, { freeze: ice.freeze })
  })
  const stage: Stage = {
    world,
    clock,
    idp,
    device,
    rules,
    tabs,
    outages: [],
    refuseAll: (isOn) => void (refusesAll = isOn),
  }

  const run = async (): Promise<void> => {
    for (const step of steps) {
      await clock.advance(step.after)
      line.add(undefined, say(step))
      await perform(stage, step)
      await clock.advance(0)
    }
    line.add(undefined, 'the end: everything works again')
    await finish(stage, !steps.some((step) => harmful.test(step.do)))
  }
  try {
    await watchingRejections(run, (error) =>
      rules.violate(4, `an unhandled rejection: ${String(error)}`),
    )
  } catch (error) {
    rules.violate(4, `the run broke off: ${String(error)}`)
  }
  return { violations: rules.violations, entries: line.entries, refreshes: idp.refreshes.length }
}
