import axios from 'axios'

/** The minor version of the axios 1.x that the tests run on. */
export const minor = Number(axios.VERSION.split('.')[1])

/** The adapters that it has in Node. */
export const adapters: readonly ('http' | 'fetch')[] = minor < 7 ? ['http'] : ['http', 'fetch']
