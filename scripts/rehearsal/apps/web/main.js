import { createSession } from './browser-session.js'

const settings = JSON.parse(new URLSearchParams(location.search).get('settings'))

createSession(settings)
  .play()
  .catch((error) => ({ error: String(error) }))
  .then((result) => {
    window.result = result
  })
