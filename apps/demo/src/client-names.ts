/** The clients that the demo can put traffic through. */
export const clientNames = ['axios', 'ky', 'ofetch', 'graphql', 'fetch'] as const

/** One of them. */
export type ClientName = (typeof clientNames)[number]
