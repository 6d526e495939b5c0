/** A mutant that no test finds, and why it may live. */
export interface Survivor {
  readonly file: string
  /** The line that it changes a part of. */
  readonly line: string
  /** What that part becomes. */
  readonly replacement: string
  readonly why: string
}

/** Each is a change that nobody outside can notice; a line that nothing needs would be taken out instead. */
export const survivors: readonly Survivor[] = [
  {
    file: 'attempt.ts',
    line: "(name === 'TypeError' && /fetch|network|load failed/i.test(message ?? ''))",
    replacement: '"Stryker was here!"',
    why: 'The text that stands in for a missing message has none of these words either.',
  },
  {
    file: 'attempt.ts',
    line: 'const isOvertaken = !isSame(found, target) && found?.token.value !== answer.value',
    replacement: 'found.token',
    why: 'Where the store shows nobody any more, the session has moved and the flight has failed by that: the TypeError is heard by nobody.',
  },
  {
    file: 'attempt.ts',
    line: 'life.throwIfAborted()',
    replacement: ';',
    why: 'A session that moves fails the flight itself, before this is reached: it only spares work whose result nobody is waiting for.',
  },
  {
    file: 'attempt.ts',
    line: 'signal.throwIfAborted()',
    replacement: ';',
    why: 'As above: the flight is over, and what follows tells nobody.',
  },
  {
    file: 'attempt.ts',
    line: 'if (target) await source.clear?.(target.sourced())',
    replacement: 'true',
    why: 'The session was ended in the line before, and with it the flight: the TypeError is heard by nobody.',
  },
  {
    file: 'attempt.ts',
    line: 'if (target) await source.clear?.(target.sourced())',
    replacement: 'source.clear(target.sourced())',
    why: 'As above.',
  },
  {
    file: 'authorize.ts',
    line: 'if (now > notBefore + retryMaxMs) refusals = 0',
    replacement: 'now >= notBefore + retryMaxMs',
    why: 'One millisecond in the length of a quiet time.',
  },
  {
    file: 'cooldown.ts',
    line: 'if (!(ms > leftMs())) return',
    replacement: 'ms >= leftMs()',
    why: 'A pause that is made exactly as long as it is stays as it is.',
  },
  {
    file: 'expiry.ts',
    line: 'if (token.issuedAt === undefined) return known',
    replacement: 'false',
    why: 'Without a time the differences are NaN, which is not believed, and what was known is kept.',
  },
  {
    file: 'expiry.ts',
    line: 'return (least <= known && known <= most) || !isBelievable(most) ? known : most',
    replacement: 'known < most',
    why: 'Where the two are equal it does not matter which is taken.',
  },
  {
    file: 'options.ts',
    line: "has('read', 'refresh')[0](source as never) && text(/./, '')[0](source.name as never),",
    replacement: '"Stryker was here!"',
    why: 'The words of this inner check are not shown; the outer one has its own.',
  },
  {
    file: 'origins.ts',
    line: '} catch {',
    replacement: '{}',
    why: 'Without the return it gives undefined as well.',
  },
  {
    file: 'origins.ts',
    line: 'if (url === last) return true',
    replacement: 'false',
    why: 'It only saves time: the same URL is looked at again, with the same result. `pnpm bench` notices.',
  },
  {
    file: 'policy.ts',
    line: 'let shown: PolicySnapshot = Object.freeze({',
    replacement: '{}',
    why: 'It is replaced at the first look, before anybody can have it.',
  },
  {
    file: 'session.ts',
    line: ': unsubscribe && pending && started > outdated',
    replacement: 'true',
    why: 'A read that began after the last change is either under way or was applied; in both cases the other conditions decide alike.',
  },
  {
    file: 'session.ts',
    line: ': unsubscribe && pending && started > outdated',
    replacement: 'started >= outdated',
    why: 'A read under way that a change has overtaken starts over by itself, so waiting for it comes to the same.',
  },
  {
    file: 'session.ts',
    line: '} catch {',
    replacement: '{}',
    why: 'Without the return it gives undefined as well.',
  },
  {
    file: 'share.ts',
    line: '} catch {',
    replacement: '{}',
    why: 'Without the return it gives undefined, which is as false.',
  },
  {
    file: 'share.ts',
    line: "if (type === 'disposed' && policies.get(key)?.policy === policy) policies.delete(key)",
    replacement: 'true',
    why: 'A name is given to another policy only after the first was disposed, and that is told once: for copies of the library that are less careful.',
  },
  {
    file: 'share.ts',
    line: "if (type === 'disposed' && policies.get(key)?.policy === policy) policies.delete(key)",
    replacement: 'policies.get(key).policy',
    why: 'As above: the entry is there.',
  },
  {
    file: 'token.ts',
    line: "if (!/^[\\x21-\\x7e]+$/.test(token?.value ?? '') || !Number.isFinite(token.expiresAt)) {",
    replacement: '"Stryker was here!"',
    why: 'The text that stands in for a missing value has spaces, and is refused like an empty one.',
  },
  {
    file: 'errors.ts',
    line: 'Object.defineProperty(this, brand, { value: true })',
    replacement: '{}',
    why: 'A brand is looked for by its name; what it holds is not read.',
  },
  {
    file: 'errors.ts',
    line: 'Object.defineProperty(this, brand, { value: true })',
    replacement: 'false',
    why: 'As above.',
  },
  {
    file: 'policy.ts',
    line: "status: 'unknown',",
    replacement: '""',
    why: 'As above: it is replaced at the first look.',
  },
  {
    file: 'policy.ts',
    line: 'const publish = (news: News): void => harmlessly(() => coordinator?.publish?.(source.name, news))',
    replacement: 'coordinator?.publish(source.name, news)',
    why: 'A coordinator without it makes this throw, harmlessly.',
  },
  {
    file: 'policy.ts',
    line: 'const publish = (news: News): void => harmlessly(() => coordinator?.publish?.(source.name, news))',
    replacement: 'coordinator.publish',
    why: 'As above.',
  },
  {
    file: 'policy.ts',
    line: 'stopHearing = coordinator?.subscribe?.(source.name, (news) => harmlessly(() => onNews(news)))',
    replacement: 'coordinator?.subscribe(source.name, news => harmlessly(() => onNews(news)))',
    why: 'As above.',
  },
  {
    file: 'policy.ts',
    line: 'stopHearing = coordinator?.subscribe?.(source.name, (news) => harmlessly(() => onNews(news)))',
    replacement: 'coordinator.subscribe',
    why: 'As above.',
  },
  {
    file: 'policy.ts',
    line: 'harmlessly(() => stopHearing?.())',
    replacement: 'stopHearing()',
    why: 'As above.',
  },
  {
    file: 'policy.ts',
    line: 'if (over) throw over',
    replacement: 'false',
    why: 'It stands in two places, and each is enough: what waits for the store and what has waited both end by it.',
  },
  {
    file: 'policy.ts',
    line: 'if (now < held.staleAt) return held',
    replacement: 'now <= held.staleAt',
    why: 'One millisecond in the length of the buffer.',
  },
  {
    file: 'refresher.ts',
    line: '.then(() => coordinator?.exclusive(source.name, once, { signal, previous, read }))',
    replacement: 'coordinator.exclusive',
    why: 'Without a coordinator it throws, and the job runs afterwards, as it does for one that is broken.',
  },
  {
    file: 'refresher.ts',
    line: "if (signal.aborted || error !== failure || failure?.kind === 'misconfigured') throw error",
    replacement: 'failure.kind',
    why: 'What was thrown is the failure, so there is one.',
  },
  {
    file: 'refresher.ts',
    line: 'if (!cooldown.leftMs() || retryAt <= (failure?.retryAt ?? 0)) return',
    replacement: 'retryAt < (failure?.retryAt ?? 0)',
    why: 'A failure is replaced by one that says the same.',
  },
  {
    file: 'session.ts',
    line: 'epoch++',
    replacement: 'epoch--',
    why: 'It is compared with itself, and with nothing.',
  },
  {
    file: 'session.ts',
    line: 'if (order > applied) {',
    replacement: 'order >= applied',
    why: 'No two reads have the same number.',
  },
  {
    file: 'session.ts',
    line: '!!candidate && runtime.now() < candidate.expiredAt',
    replacement: 'runtime.now() <= candidate.expiredAt',
    why: 'One millisecond of some seconds that are kept in reserve.',
  },
  {
    file: 'session.ts',
    line: 'if (skew !== known) held = held && hold(held.sourced())',
    replacement: 'true',
    why: 'What is held is made anew, with the same times.',
  },
  {
    file: 'session.ts',
    line: 'harmlessly(() => unsubscribe?.())',
    replacement: 'unsubscribe()',
    why: 'A source without it makes this throw, harmlessly.',
  },
  {
    file: 'single-flight.ts',
    line: "signal.addEventListener('abort', abort, { once: true })",
    replacement: '{}',
    why: 'A signal is aborted once, and the listener is taken off when the wait ends.',
  },
  {
    file: 'single-flight.ts',
    line: "signal.addEventListener('abort', abort, { once: true })",
    replacement: 'false',
    why: 'As above.',
  },
  {
    file: 'snapshot.ts',
    line: 'retryAt: cooldown.leftMs() ? failure?.retryAt : undefined,',
    replacement: 'failure.retryAt',
    why: 'There is no pause without a failure.',
  },
  {
    file: 'token.ts',
    line: "const [, payload = '', , more] = value.split('.')",
    replacement: '"Stryker was here!"',
    why: 'Where there is no second part there is no third, and the payload is not looked at.',
  },
  {
    file: 'token.ts',
    line: '...(issuedAt !== undefined && issuedAt < expiresAt && { issuedAt }),',
    replacement: 'true',
    why: 'What is undefined is not less than anything.',
  },
]
