import type { Line } from '../line.ts'
export const picture = (lines: readonly Line[]): string => String(lines.length)
