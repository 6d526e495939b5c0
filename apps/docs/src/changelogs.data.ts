import { changelogs, type Changelog } from './changelogs.ts'

/** What pages get: VitePress puts the value of `load` here. */
export declare const data: readonly Changelog[]

export default {
  watch: ['../../../packages/*/CHANGELOG.md'],
  load: (): readonly Changelog[] => changelogs(),
}
