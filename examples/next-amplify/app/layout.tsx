import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import './globals.css'

export const metadata: Metadata = { title: 'Orders' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <header>
          <Link href="/" className="brand">
            Orders
          </Link>
          <nav>
            <Link href="/dashboard" prefetch={false}>
              Dashboard
            </Link>
            <Link href="/activity" prefetch={false}>
              Activity
            </Link>
          </nav>
        </header>
        <main>{children}</main>
      </body>
    </html>
  )
}
