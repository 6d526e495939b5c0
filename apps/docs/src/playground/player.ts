import { onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { Settings } from './settings.ts'
import { createWorld, type World } from './world.ts'

/** Runs a world in the time of whoever looks on. */
export interface Player {
  readonly world: ShallowRef<World>
  /** Grows with everything that may have changed in the world, which itself is not reactive. */
  readonly tick: Ref<number>
  readonly isPlaying: Ref<boolean>
  /** Virtual time for each unit of real time. */
  readonly speed: Ref<number>
  restart(settings: Settings): void
  play(): void
  pause(): void
  step(): Promise<void>
  send(count: number): void
}

/** A slow frame, as after a tab was hidden, is not caught up with. */
const longestFrameMs = 50

const wantsLessMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

export const usePlayer = (settings: Settings): Player => {
  const world = shallowRef(createWorld(settings))
  const tick = ref(0)
  const isPlaying = ref(false)
  const speed = ref(0.25)
  let frame = 0

  const pause = (): void => {
    isPlaying.value = false
    cancelAnimationFrame(frame)
  }

  const run = (): void => {
    const mine = world.value
    let before = performance.now()
    const next = async (now: number): Promise<void> => {
      await mine.advance(Math.min(longestFrameMs, Math.max(1, now - before)) * speed.value)
      before = now
      if (mine !== world.value || !isPlaying.value) return
      tick.value += 1
      if (mine.isOver()) pause()
      else frame = requestAnimationFrame((at) => void next(at))
    }
    frame = requestAnimationFrame((at) => void next(at))
  }

  const player: Player = {
    world,
    tick,
    isPlaying,
    speed,
    pause,
    restart(changed) {
      pause()
      world.value = createWorld(changed)
      tick.value += 1
    },
    play() {
      if (isPlaying.value) return
      isPlaying.value = true
      if (!wantsLessMotion()) return run()
      const mine = world.value
      void mine.finish().then(() => {
        if (mine !== world.value) return
        tick.value += 1
        pause()
      })
    },
    async step() {
      pause()
      await world.value.step()
      tick.value += 1
    },
    send(count) {
      world.value.send(count)
      player.play()
    },
  }
  onBeforeUnmount(pause)
  return player
}
