import type { Plugin } from 'vite'

/** What VitePress writes, and what axe has nothing to say against. */
const corrections: readonly (readonly [written: RegExp, instead: string])[] = [
  // A button that holds a form, a list and more buttons.
  [
    /role="button"\s+:aria-owns="[^"]*"\s+aria-expanded="true"\s+aria-haspopup="listbox"\s+aria-labelledby="localsearch-label"/,
    'role="dialog" aria-modal="true" aria-label="Search"',
  ],
  // Options that hold links: a plain list of links is what they are.
  [/:role="results\?\.length \? 'listbox' : undefined"/, ''],
  [/:aria-labelledby="results\?\.length \? 'localsearch-label' : undefined"/, ''],
  [/:aria-selected="[^"]*"\s+role="option"/, ''],
  [/:aria-activedescendant="[^"]*"\s+aria-autocomplete="both"/, ''],
  [/aria-labelledby="localsearch-label"\s+autocapitalize/, 'aria-label="Search" autocapitalize'],
  [/:aria-label="\[\.\.\.p\.titles, p\.title\]\.join\(' > '\)"/, ''],
  [/(<span class="title-icon")>/, '$1 aria-hidden="true">'],
  [/<kbd :aria-label/g, '<kbd role="img" :aria-label'],
]

/** Corrects the roles in the search box of the default theme, and fails when the theme has changed. */
export const accessibleSearch: Plugin = {
  name: 'accessible-search',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('VPLocalSearchBox.vue')) return undefined
    return corrections.reduce((text, [written, instead]) => {
      const corrected = text.replace(written, instead)
      if (corrected === text) this.error(`The search box has no ${String(written)} any more.`)
      return corrected
    }, code)
  },
}
