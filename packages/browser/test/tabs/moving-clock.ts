const Real = Date
let aheadMs = 0

/** The machine's wall clock, which can be set; `performance.now()` goes on as before. */
class MovingDate extends Real {
  constructor(...given: []) {
    super(...(given.length ? given : ([Real.now() + aheadMs] as unknown as [])))
  }
  static override now(): number {
    return Real.now() + aheadMs
  }
}
globalThis.Date = MovingDate as DateConstructor

/** Sets it forward. */
export const forward = (ms: number): void => {
  aheadMs += ms
}
