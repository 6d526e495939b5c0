/** Runs one row in a process of its own, so that no row has compiled, or littered, for another. */
import type { Row } from './line.ts'

const [, , name = '', mode = ''] = process.argv
process.on('unhandledRejection', () => {})
const { row } = (await import(`./rows/${name}.ts`)) as { row: Row }
const lines = await row({
  progress: (text) => void process.send?.({ progress: text }),
  quick: mode === 'quick',
})
process.send?.({ lines }, undefined, undefined, () => process.exit())
