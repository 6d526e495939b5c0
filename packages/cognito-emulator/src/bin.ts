#!/usr/bin/env node
import { runCommand } from './command.ts'

const result = await runCommand(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
})
if ('exitCode' in result) {
  process.exitCode = result.exitCode
} else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void result.pool.close())
}
