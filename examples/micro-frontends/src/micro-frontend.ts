/** What the shell knows of a micro-frontend: nothing else is agreed on, and the session is found by its name. */
export interface MicroFrontend {
  readonly title: string
  readonly client: string
  /** Loads what it shows, and shows it. Rejects when that fails. */
  load(element: Element): Promise<void>
}

/** One line for each entry; text only, as it came from a server. */
export const showList = (element: Element, lines: readonly string[]): void => {
  element.replaceChildren(
    ...lines.map((line) => {
      const item = document.createElement('li')
      item.textContent = line
      return item
    }),
  )
}
