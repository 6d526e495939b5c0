/** The process in which wrong cores are hunted; started by `hunters.ts`, one wrong core at a time. */
import { hunt, type Catch } from './hunt.ts'
import { wrongCores } from './wrong-cores.ts'

/** What a hunter is asked for. */
export interface Order {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** What it tells: which seed it tries now, and in the end what it has found. */
export type Message = { readonly seed: number } | { readonly caught: Catch }

const tell = (message: Message): void => void process.send?.(message)

process.once('message', ({ name, from, to }: Order) => {
  const wrong = wrongCores.find((one) => one.name === name)
  if (!wrong) throw new Error(`There is no wrong core "${name}".`)
  void hunt(wrong, from, to, (seed) => tell({ seed })).then((caught) => {
    tell({ caught })
    process.disconnect()
  })
})
