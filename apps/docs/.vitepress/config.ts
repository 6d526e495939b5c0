import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContentLoader, defineConfig } from 'vitepress'

import { accessibleSearch } from './accessible-search.ts'
import { chapters } from './chapters.ts'
import { checkedCode } from './checked-code.ts'

const description =
  'Unexpired keeps a signed-in user signed in: no request leaves with an access token that is about to die.'

const repository = 'https://github.com/unexpired/unexpired'

/** Sources of the workspace packages, as in the tests: the site never shows a stale build. */
const conditions = ['@unexpired/source', 'module', 'browser', 'development|production']

export default defineConfig({
  title: 'Unexpired',
  description,
  lang: 'en',
  srcDir: 'pages',
  cleanUrls: true,
  lastUpdated: false,
  metaChunk: true,
  head: [
    ['link', { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }],
    ['meta', { name: 'theme-color', content: '#0f766e' }],
  ],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    codeTransformers: [checkedCode],
  },
  vite: {
    plugins: [accessibleSearch],
    resolve: { conditions },
    ssr: {
      resolve: { conditions: ['@unexpired/source', 'module', 'node'] },
      noExternal: [/^@unexpired\//],
    },
    // The default theme's own chunk is above the limit of the warning.
    build: { chunkSizeWarningLimit: 1_000 },
  },
  themeConfig: {
    siteTitle: 'Unexpired',
    logo: { src: '/icon.svg', alt: '' },
    nav: [
      { text: 'Start', link: '/start/' },
      { text: 'Guides', link: '/guides/axios' },
      { text: 'Troubleshooting', link: '/troubleshooting' },
      { text: 'Playground', link: '/playground' },
    ],
    sidebar: chapters.map(({ text, items }) => ({ text, items: [...items] })),
    outline: { level: [2, 3] },
    search: { provider: 'local' },
    socialLinks: [{ icon: { svg: githubMark() }, link: repository, ariaLabel: 'Source on GitHub' }],
  },
  async buildEnd({ outDir }) {
    const pages = await createContentLoader('**/*.md', { includeSrc: false }).load()
    const said = new Map(
      pages.map(({ url, frontmatter }) => [url, String(frontmatter.description ?? '')]),
    )
    const lines = chapters.flatMap(({ text, items }) => [
      `## ${text}`,
      '',
      ...items.map((page) => {
        const about = said.get(page.link)
        return `- [${page.text}](${page.link})${about ? `: ${about}` : ''}`
      }),
      '',
    ])
    writeFileSync(
      join(outDir, 'llms.txt'),
      ['# Unexpired', '', `> ${description}`, '', ...lines].join('\n'),
    )
  },
})

function githubMark(): string {
  return '<svg viewBox="0 0 24 24" aria-hidden="true"><path fill="currentColor" d="M12 .5a12 12 0 0 0-3.8 23.4c.6.1.8-.3.8-.6v-2c-3.3.7-4-1.6-4-1.6-.6-1.4-1.4-1.8-1.4-1.8-1-.7.1-.7.1-.7 1.2.1 1.9 1.2 1.9 1.2 1 1.8 2.8 1.3 3.5 1 0-.8.4-1.3.7-1.6-2.7-.3-5.5-1.3-5.5-6 0-1.2.5-2.3 1.3-3.1-.2-.4-.6-1.6 0-3.2 0 0 1-.3 3.4 1.2a11.5 11.5 0 0 1 6 0c2.3-1.5 3.3-1.2 3.3-1.2.7 1.6.3 2.8.1 3.2.8.8 1.3 1.9 1.3 3.2 0 4.6-2.8 5.6-5.5 5.9.4.4.8 1.1.8 2.2v3.3c0 .3.2.7.8.6A12 12 0 0 0 12 .5Z"/></svg>'
}
