/** How much of the past is shown, milliseconds. */
const spanMs = 30_000

/** What can happen in a lane. */
export type Mark = 'ok' | 'failed' | 'refresh'

/** A lane in which what happens now appears at the right, and moves to the left. */
export interface Lane {
  add(mark: Mark): void
}

/** Makes a lane of an element. */
export const createLane = (element: Element): Lane => ({
  add(mark) {
    const dot = document.createElement('i')
    dot.className = mark
    element.append(dot)
    void dot
      .animate([{ left: '99%' }, { left: '0%', opacity: 0.25 }], { duration: spanMs, fill: 'both' })
      .finished.then(() => dot.remove())
  },
})
