import { contenders } from '../contenders/index.ts'
import type { Row } from '../line.ts'
import { herdOf } from './herd.ts'

/** 10,000 callers at the moment of expiry. */
export const row: Row = herdOf(10_000, contenders)
