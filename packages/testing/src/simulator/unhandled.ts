/** What Node's `process` has of what is needed here; browsers have none. */
interface Listening {
  on(event: 'unhandledRejection', listener: (error: unknown) => void): unknown
  off(event: 'unhandledRejection', listener: (error: unknown) => void): unknown
}

/** Hears of rejections that nobody handles, as long as `run` takes. Where there is no `process`, of none. */
export const watchingRejections = async <R>(
  run: () => Promise<R>,
  onUnhandled: (error: unknown) => void,
): Promise<R> => {
  const { process } = globalThis as { process?: Partial<Listening> }
  process?.on?.('unhandledRejection', onUnhandled)
  try {
    return await run()
  } finally {
    process?.off?.('unhandledRejection', onUnhandled)
  }
}
