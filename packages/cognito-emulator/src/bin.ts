#!/usr/bin/env node
import { runCommand } from './command.ts'

// Before anything is printed: whoever reads the first line may stop the command at once.
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve())
})
const result = await runCommand(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
})
if ('exitCode' in result) {
  process.exitCode = result.exitCode
} else {
  await stopped
  await result.pool.close()
}
