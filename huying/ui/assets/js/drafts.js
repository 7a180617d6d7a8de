// What is typed is never lost: fields with data-draft="name" are kept on this device for a day, until sent or cleared.
// Keys hold who is signed in, so that the next person at the same machine sees nothing of it; signing out clears all.
import htmx from 'htmx.org'
import { fresh } from './content.js'
import { word } from './words.js'

const DAY = 86400000
const SENT = 'hy-sent'
const prefix = () => `hy-draft:${document.documentElement.dataset.who ?? ''}:`

function store(key, value) {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify({ value, at: Date.now() }))
  } catch { /* storage is full or forbidden: typing goes on without a draft */ }
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key))
    if (kept && Date.now() - kept.at < DAY) return kept.value
    localStorage.removeItem(key)
  } catch { /* see store */ }
  return null
}

const keysOf = (form) => [...form.querySelectorAll('[data-draft]')].map((el) => prefix() + el.dataset.draft)

function clearAll(belongs) {
  try {
    for (const key of Object.keys(localStorage)) if (belongs(key)) localStorage.removeItem(key)
  } catch { /* see store */ }
}

let started = false
function once() {
  if (started) return
  started = true
  clearAll((key) => key.startsWith('hy-draft:') && read(key) === null)
  document.addEventListener('submit', (event) => {
    if (event.target.matches('[data-signout]')) clearAll((key) => key.startsWith('hy-draft:'))
    const keys = keysOf(event.target)
    if (keys.length) sessionStorage.setItem(SENT, JSON.stringify(keys))
  })
  htmx.on('htmx:afterRequest', (event) => {
    // Only the form itself being sent: a fragment inside it that asks for suggestions must not end the draft.
    const { elt } = event.detail
    const form = elt.matches?.('form') ? elt : elt.matches?.('button:not([type=button])') ? elt.form : null
    if (!form || event.detail.requestConfig.verb === 'get') return
    sessionStorage.removeItem(SENT)
    if (event.detail.successful) keysOf(form).forEach((key) => store(key, null))
  })
}

/** After a plain form was sent, the next page tells whether it arrived: the same field empty or gone and no error shown. */
function settle() {
  let keys
  try { keys = JSON.parse(sessionStorage.getItem(SENT)) } catch { keys = null }
  if (!keys) return
  sessionStorage.removeItem(SENT)
  const back = performance.getEntriesByType('navigation')[0]?.type === 'back_forward'
  if (back || document.querySelector('[aria-invalid=true]:not([data-sample] *), .hy-errors:not([data-sample] *)')) return
  keys.forEach((key) => store(key, null))
}

export function startDrafts(root) {
  once()
  if (root === document.body) settle()
  for (const el of fresh(root, '[data-draft]', 'Draft')) {
    const key = prefix() + el.dataset.draft
    const kept = read(key)
    if (kept && !el.value) {
      el.value = kept
      const note = document.createElement('p')
      note.className = 'hy-help'
      note.append(word('draftRestored') + ' ')
      const drop = document.createElement('button')
      drop.type = 'button'
      drop.className = 'btn btn-link btn-sm'
      drop.textContent = word('draftDrop')
      drop.addEventListener('click', () => { el.value = ''; store(key, null); note.remove(); el.focus() })
      note.append(drop)
      el.after(note)
    }
    let waiting = null
    const save = () => store(key, el.value === '' ? null : el.value)
    el.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(save, 400) })
    el.addEventListener('change', save)
  }
}
