import type { BodyKind } from '@unexpired/testing/node'
import axios from 'axios'

/** The minor version of the axios 1.x that the tests run on. */
export const minor = Number(axios.VERSION.split('.')[1])

/** The adapters that it has in Node. */
export const adapters: readonly ('http' | 'fetch')[] = minor < 7 ? ['http'] : ['http', 'fetch']

/** Whether it is the one that is developed against: for what takes long and depends on no version. */
export const isNewest: boolean = minor === 21

/** All but forms: before 1.16 the fetch adapter forgot their boundary in Node. */
export const bodiesOfOldFetch: readonly BodyKind[] = [
  'text',
  'json',
  'search-params',
  'blob',
  'array-buffer',
  'typed-array',
  'stream',
]
