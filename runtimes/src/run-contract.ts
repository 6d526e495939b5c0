import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Told } from './inside/told.ts'
import type { Run } from './judge.ts'
import type { Runtime } from './runtimes.ts'

/** How long all cases of one adapter may take, ms: on a quiet machine they take two to ten seconds. */
const limitMs = 300_000

const folder = join(import.meta.dirname, '../dist/runtimes/src/contracts')

/** What a line says; nothing, if it is not one of ours or was cut off. */
const read = (line: string): Told[] => {
  try {
    return [JSON.parse(line) as Told]
  } catch {
    console.log(line)
    return []
  }
}

/** Runs the contract of one adapter in a process of this runtime. */
export const runContract = async (
  { name, version, command }: Runtime,
  adapter: string,
): Promise<Run> => {
  const [binary, ...args] = command
  const child = spawn(binary, [...args, join(folder, `${adapter}.js`)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
    timeout: limitMs,
    killSignal: 'SIGKILL',
  })
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', ({ message }) => resolve(message))
    child.once('close', (code, signal) =>
      resolve(code === 0 ? undefined : `It ended with ${signal ?? `the code ${code}`}.`),
    )
  })
  const told: Told[] = []
  for await (const line of createInterface(child.stdout)) told.push(...read(line))
  return { runtime: `${name} ${version}`, adapter, told, trouble: await ended }
}
