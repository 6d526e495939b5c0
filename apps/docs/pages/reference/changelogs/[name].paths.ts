import { changelogs } from '../../../src/changelogs.ts'

export default {
  watch: ['../../../../../packages/*/CHANGELOG.md'],
  paths: () =>
    changelogs().map(({ name, content }) => ({
      params: { name, title: `Changes of @unexpired/${name}` },
      content,
    })),
}
