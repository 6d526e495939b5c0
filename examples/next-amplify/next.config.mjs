import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @type {import('next').NextConfig} */
export default {
  // This folder, and not the repository around it.
  outputFileTracingRoot: dirname(fileURLToPath(import.meta.url)),
  devIndicators: false,
}
