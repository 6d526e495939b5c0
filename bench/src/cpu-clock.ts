/**
 * Nanoseconds of processor time that this thread has had. Time that neighbours on the machine took is
 * not in it, so costs can be compared on a busy machine.
 */
export const cpuNs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) * 1000
}
