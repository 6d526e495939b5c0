/**
 * Waits one turn of the real event loop, so that everything that waits for promises alone has run.
 *
 * The scheduler is taken when this is made: a test tool that fakes timers later does not stop it.
 */
export const microtaskDrain = (): (() => Promise<void>) => {
  // Browsers clamp nested timers to 4 ms, a message is not clamped; Node's own is faster still.
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown }
  if (setImmediate) return () => new Promise((resolve) => void setImmediate(resolve))
  return () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        port1.close()
        resolve()
      }
      port2.postMessage(undefined)
    })
}
