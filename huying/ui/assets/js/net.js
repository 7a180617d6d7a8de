// htmx under a strict policy: no eval, no styles put in by script; what goes wrong is said in plain words.
import htmx from 'htmx.org'
import { csrf, word } from './words.js'
import { toast } from './toast.js'

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages with people's data are not kept in localStorage
  refreshOnHistoryMiss: true,
  timeout: 30000,
  scrollIntoViewOnBoost: false,
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '409', swap: true, error: false }, // changed meanwhile: the server sends the form back with what was typed
    { code: '422', swap: true, error: false }, // fields to mend
    { code: '...', swap: false, error: true },
  ],
})
window.htmx = htmx

const reasons = { 400: 'badRequest', 401: 'signIn', 403: 'forbidden', 404: 'notFound', 413: 'tooLarge', 429: 'tooMany', 503: 'busy' }
const bar = () => {
  let el = document.querySelector('.hy-loading')
  if (!el) {
    el = document.createElement('div')
    el.className = 'hy-loading'
    document.body.append(el)
  }
  return el
}
let running = 0
const busy = (by) => {
  running = Math.max(0, running + by)
  bar().classList.toggle('on', running > 0)
}

htmx.on('htmx:configRequest', (event) => {
  if (event.detail.verb !== 'get') event.detail.headers['X-CSRFToken'] = csrf()
})
htmx.on('htmx:beforeSend', () => busy(1))
htmx.on('htmx:afterRequest', () => busy(-1))
htmx.on('htmx:responseError', (event) => {
  const status = event.detail.xhr.status
  toast(word(reasons[status] ?? 'serverError', { status }), 'bad')
})
htmx.on('htmx:sendError', () => toast(word(navigator.onLine ? 'unreachable' : 'offline'), 'bad'))
htmx.on('htmx:timeout', () => toast(word('timeout'), 'bad'))

// Offline is said once, at the top, and unsaid when the line is back.
const banner = () => {
  const el = document.getElementById('hy-offline')
  if (el) el.hidden = navigator.onLine
}
addEventListener('online', () => { banner(); toast(word('backOnline'), 'good') })
addEventListener('offline', banner)
document.addEventListener('DOMContentLoaded', banner)
