import { NextResponse, type NextRequest } from 'next/server'
import { auth } from './lib/proxy-auth'

export const proxy = (request: NextRequest) =>
  auth.proxy(request, () => NextResponse.next({ request }))

export const config = { matcher: ['/((?!_next/static|_next/image|favicon.ico|widespread).*)'] }
