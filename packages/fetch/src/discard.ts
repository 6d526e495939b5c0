const limit = 65_536

/**
 * Lets go of an answer that nobody will read, so that it holds no connection: up to 64 KiB is read,
 * which keeps the connection usable, and more is cancelled. Waits only for a short answer of known
 * length; one that trickles in must not delay the replay.
 */
export const discard = async (response: Response): Promise<void> => {
  const done = drain(response).catch(() => {})
  const length = response.headers.get('content-length')
  if (length !== null && Number(length) <= limit) await done
}

const drain = async ({ body }: Response): Promise<void> => {
  const reader = body?.getReader()
  for (let left = limit; reader && left > 0; ) {
    const { done, value } = await reader.read()
    if (done) return
    left -= value.byteLength
  }
  await reader?.cancel()
}
