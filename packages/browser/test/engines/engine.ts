import type { OpenTab } from '../tabs/tab.ts'

/** One profile of a browser: its tabs share storage and locks. */
export interface Profile {
  /** Opens a page, and waits until it can be asked for tokens. */
  open(address: string): Promise<OpenTab>
  close(): Promise<void>
}

/** A browser that is running. */
export interface Engine {
  readonly name: string
  profile(): Promise<Profile>
  close(): Promise<void>
}

/** Waits until a page of the test site is ready, which it is when `window.tab` is there. */
export const untilReady = async (tab: OpenTab): Promise<OpenTab> => {
  const isReady = (): Promise<boolean> => tab.evaluate(() => 'tab' in window)
  for (let tries = 0; !(await isReady()); tries++) {
    if (tries === 200) throw new Error('The page did not get ready within 10 s.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return tab
}
