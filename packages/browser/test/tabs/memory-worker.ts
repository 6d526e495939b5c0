import { openSession, type Ask, type MemoryConfig } from './memory.ts'

let ask: Ask | undefined
addEventListener('message', ({ data }: MessageEvent<MemoryConfig | undefined>) => {
  if (data) ask = openSession(data)
  else void ask?.().then((answer) => postMessage(answer))
})
