import * as exports from 'ky'

/** Whether the tests run on ky 1, which has no `init` hooks. */
export const isKy1: boolean = !('replaceOption' in exports)
