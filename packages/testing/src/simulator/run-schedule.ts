import { scriptedIdp } from '../idp/scripted-idp.ts'
import { seededRandom } from '../seeded-random.ts'
import { virtualClock } from '../virtual-clock.ts'
import { freezer } from './freezer.ts'
import { ruleBook } from './rule-book.ts'
import type { Schedule, Step } from './schedule.ts'
import { coordinatorHub } from './simulated-coordinator.ts'
import { openTab, type CreatePolicy } from './simulated-tab.ts'
import { timeline, type Entry } from './timeline.ts'

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
}

/** What makes a refresh token be spent twice, or a session be lost, whatever the policy does. */
const isHarmful = (step: Step): boolean =>
  step.do === 'skew' ||
  step.do === 'freeze' ||
  step.do === 'end-sessions' ||
  step.do === 'dispose' ||
  step.do === 'sleep' ||
  step.do === 'fault' ||
  step.do === 'outage'

const say = (step: Step): string => JSON.stringify({ ...step, after: undefined })

/**
 * Runs a schedule under a virtual clock, with the real core, and checks all rules after each step and
 * at the end. The same schedule gives the same run.
 */
export const runSchedule = async (
  schedule: Schedule,
  { create }: RunOptions = {},
): Promise<RunResult> => {
  const { world, steps, seed } = schedule
  const clock = virtualClock({ seed })
  const line = timeline(() => clock.monotonic())
  const idp = scriptedIdp({ ...world, runtime: clock, seed, sessionMs: 365 * 86_400_000 })
  const device = idp.device({ lagMs: world.lagMs })
  const rules = ruleBook({
    world,
    idp: {
      ...idp,
      get stored() {
        return device.stored
      },
      get secrets() {
        return idp.secrets
      },
    },
    clock,
    line,
  })
  const coordinatorOf = coordinatorHub(clock, world.coordinator, seededRandom(seed + 1))

  const tabs = Array.from({ length: world.tabs }, (_, index) => {
    const ice = freezer(clock)
    const source = device.source(world)
    const watchedSource = {
      ...source,
      async clear(ended: Parameters<NonNullable<typeof source.clear>>[0]) {
        await source.clear?.(ended)
        if (!device.stored) rules.cleared(ended)
      },
    }
    const tab = openTab({
      index,
      world,
      idp,
      clock,
      freezer: ice,
      coordinator: coordinatorOf(),
      create,
      source: watchedSource,
      rules,
    })
    tab.watch.seesGoodToken = () => /^(fresh|stale)$/.test(tab.policy.snapshot().status)
    return {
      ...tab,
      ice,
      get isDisposed() {
        return tab.isDisposed
      },
    }
  })

  const outages: unknown[] = []
  const perform = (step: Step): Promise<void> | void => {
    const tab = 'tab' in step ? tabs[step.tab] : undefined
    switch (step.do) {
      case 'token':
        for (let n = 0; n < step.count; n++) tab?.token(step.abortMs)
        return
      case 'request':
        for (let n = 0; n < step.count; n++) tab?.request(step)
        return
      case 'refresh':
        return tab?.refresh(step.ifCurrent)
      case 'recheck':
        if (step.online) tab?.watch.excuse()
        return tab?.policy.recheck(step)
      case 'sign-in':
        return rules.signedIn(device.signIn(step.user))
      case 'sign-out':
        rules.signedOut()
        return device.signOut()
      case 'revoke-access':
        return idp.revokeAccess(device.stored)
      case 'end-sessions':
        return idp.endSessions(undefined, step.why)
      case 'fault':
        return idp.next(step.fault)
      case 'outage':
        idp.always(step.fault)
        outages.push(clock.setTimeout(() => idp.always(undefined), step.forMs))
        return
      case 'freeze':
        tab?.watch.frozen()
        return tab?.ice.freeze(step.forMs)
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

  for (const step of steps) {
    await clock.advance(step.after)
    line.add(undefined, say(step))
    await perform(step)
    await clock.advance(0)
  }

  // The end: nothing goes wrong any more, and everybody who waits is served.
  idp.always(undefined)
  for (const outage of outages) clock.clearTimeout(outage)
  await clock.advance(60_000)
  line.add(undefined, 'the end: everything works again')
  const isHarmless = !steps.some(isHarmful)
  for (const { policy, watch, isDisposed } of tabs) {
    if (isDisposed || rules.session === undefined || rules.isOver) continue
    watch.excuse()
    policy.recheck({ online: true, hidden: false })
    await clock.advance(15_000)
    const asked = Promise.resolve(policy.token()).then(
      (token) => watch.handedOut(token),
      (error: unknown) => {
        if (isHarmless && world.coordinator !== 'hangs' && !idp.spentTwice)
          watch.violate(
            'liveness',
            `no token although everything works: ${(error as Error).message}`,
          )
      },
    )
    await clock.advance(45_000)
    await asked
  }
  if (
    rules.session !== undefined &&
    !rules.isOver &&
    device.stored &&
    rules.sessionOf(device.stored.value) !== rules.session &&
    world.subscribe
  ) {
    tabs[0]?.watch.violate(6, 'the store holds a token of another session')
  }
  if (rules.session === undefined && device.stored && world.subscribe)
    tabs[0]?.watch.violate(6, 'somebody was signed back in')
  if (
    isHarmless &&
    // The cookie of a hidden session comes with the answer, even where nobody wants it any longer.
    !world.hiddenSession &&
    world.rotation &&
    (world.tabs === 1 || world.coordinator === 'sound') &&
    idp.spentTwice
  ) {
    tabs[0]?.watch.violate(1, 'a refresh token was spent twice')
  }
  for (const { watch } of tabs) watch.close()
  for (const tab of tabs) if (!tab.isDisposed) tab.dispose()
  await clock.advance(60_000)
  if (clock.pending) tabs[0]?.watch.violate(4, `${clock.pending} timers are left`)
  return { violations: rules.violations, entries: line.entries, refreshes: idp.refreshes.length }
}
