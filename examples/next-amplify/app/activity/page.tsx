import { ActivityLog } from '@/components/activity-log'
import { SessionBanner } from '@/components/session-banner'

export default function Activity() {
  return (
    <>
      <SessionBanner />
      <h1>Activity</h1>
      <p>
        What the API and Cognito are asked, as it happens. Keep this page open beside the dashboard.
      </p>
      <ActivityLog />
    </>
  )
}
