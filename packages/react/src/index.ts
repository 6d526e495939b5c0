export { useSession } from './use-session.ts'
export type { SessionPolicy } from './use-session.ts'
