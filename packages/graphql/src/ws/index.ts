export type { SocketClose } from './socket.ts'
export { withAuth } from './with-auth.ts'
export type { WsAuthOptions } from './with-auth.ts'
