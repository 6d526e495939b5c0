const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const FORMAT = new RegExp(
  `^(?:${DAYS.join('|')}) (${MONTHS.join('|')}) (\\d{1,2}) (\\d{2}):(\\d{2}):(\\d{2}) UTC (\\d{4})$`,
)

/**
 * Reads the TIMESTAMP of a password claim and writes it again the one way that Cognito writes it
 * (`Tue Nov 3 06:05:09 UTC 2026`: no zero before the day), because Cognito checks the signature over its own spelling.
 * A client that sends `Nov 03` or the wrong day of the week is therefore told that the password is wrong, there and here.
 * Gives undefined where it is no such date at all.
 */
export function canonicalTimestamp(timestamp: string): string | undefined {
  const match = FORMAT.exec(timestamp)
  if (match === null) return undefined
  const [, month, day, hours, minutes, seconds, year] = match
  const monthIndex = MONTHS.indexOf(month as string)
  const date = new Date(
    Date.UTC(
      Number(year),
      monthIndex,
      Number(day),
      Number(hours),
      Number(minutes),
      Number(seconds),
    ),
  )
  return timestampOf(date)
}

/**
 * How Cognito and its clients write a moment.
 *
 * @internal
 */
export function timestampOf(date: Date): string {
  const day = DAYS[date.getUTCDay()]
  const month = MONTHS[date.getUTCMonth()]
  const time = date.toISOString().slice(11, 19)
  return `${day} ${month} ${date.getUTCDate()} ${time} UTC ${date.getUTCFullYear()}`
}
