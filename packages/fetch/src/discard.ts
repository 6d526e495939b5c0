const maxBytes = 65_536
const maxMs = 100

/**
 * Lets go of an answer that nobody will read, so that it holds no connection: a short one is read to
 * its end, which keeps the connection usable; what is longer than 64 KiB or takes more than 100 ms is
 * cancelled, so that it delays nothing.
 */
export const discard = async ({ body }: Response): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    const reader = (body as NonNullable<typeof body>).getReader()
    const cancel = (): Promise<void> => reader.cancel().catch(() => {})
    timer = setTimeout(cancel, maxMs)
    for (let left = maxBytes; left > 0;) {
      const { value } = await reader.read()
      if (!value) break
      left -= value.byteLength
    }
    void cancel()
  } catch {
    // There is no body, somebody else reads it, or it is broken off: it holds nothing.
  }
  clearTimeout(timer)
}
