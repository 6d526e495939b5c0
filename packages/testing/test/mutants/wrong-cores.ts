import type { WrongCore } from './wrong-core.ts'
import { wrongFlights } from './wrong-flights.ts'
import { wrongRequests } from './wrong-requests.ts'
import { wrongSessions } from './wrong-sessions.ts'

/** Every wrong core that the simulator must find. */
export const wrongCores: readonly WrongCore[] = [
  ...wrongFlights,
  ...wrongSessions,
  ...wrongRequests,
]
