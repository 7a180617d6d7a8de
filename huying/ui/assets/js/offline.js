// Forms with data-offline are sent by script; without network they are kept on the device and sent once it is back.
// [data-queued] shows what is kept, with buttons to send now and to delete.
import { fresh } from './content.js'
import { drop, enqueue, post, queued, sendQueued } from './queue.js'
import { csrf, icon, word } from './words.js'
import { toast } from './toast.js'

const who = () => document.documentElement.dataset.who ?? ''

/** What the form would send, with photos that did not get through as files. */
function bodyOf(form) {
  const entries = [...new FormData(form)].filter(([name, value]) => name !== 'csrfmiddlewaretoken' && !(value instanceof File && !value.size))
  for (const box of form.querySelectorAll('[data-upload]')) {
    for (const item of box.querySelectorAll('.hy-upload-item')) {
      if (item.file && item.dataset.state !== 'done') entries.push([`${box.dataset.name}_files`, item.file])
    }
  }
  return entries
}

async function keep(form, entries) {
  const value = (name) => entries.find(([n]) => n === name)?.[1] ?? ''
  await enqueue({ id: value('key'), who: who(), url: form.getAttribute('action'), title: String(value('body')).slice(0, 60), at: Date.now(), body: entries })
  const ready = await navigator.serviceWorker?.getRegistration()
  try { await ready?.sync?.register('huying-queue') } catch { /* no background sync here: the page sends it */ }
  clear(form)
  toast(word('reportKept'), 'wait')
  await show()
}

/** An empty form with a new key: what was in it is on its way. */
function clear(form) {
  for (const item of form.querySelectorAll('.hy-upload-item')) item.remove()
  form.reset()
  for (const el of form.querySelectorAll('input[data-point], input[data-accuracy]')) el.value = ''
  form.elements.key.value = ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16))
  for (const el of form.querySelectorAll('[data-draft]')) el.dispatchEvent(new Event('change', { bubbles: true }))
  window.scrollTo(0, 0)
}

async function send(form) {
  const entries = bodyOf(form)
  if (!navigator.onLine) return keep(form, entries)
  let answer
  try {
    answer = await post(form.getAttribute('action'), entries, csrf())
  } catch {
    return keep(form, entries)
  }
  if (answer.ok) {
    for (const el of form.querySelectorAll('[data-draft]')) { el.value = ''; el.dispatchEvent(new Event('change')) }
    const said = await answer.json()
    location.assign(said.url ?? location.href)
    return
  }
  if (answer.status === 422) {
    // The server shows the form again with what is wrong beside each field.
    form.submit()
    return
  }
  if (answer.status === 401) toast(word('signIn'), 'bad')
  else if (answer.status === 409) location.reload()
  else if (answer.status >= 500) await keep(form, entries)
  else toast(word('forbidden'), 'bad')
}

async function show() {
  const mine = (await queued()).filter((item) => item.who === who())
  for (const box of document.querySelectorAll('[data-queued]')) {
    box.hidden = mine.length === 0
    box.querySelector('[data-queued-list]').replaceChildren(...mine.map((item) => {
      const row = document.createElement('li')
      row.className = 'hy-row'
      const text = document.createElement('span')
      text.className = 'hy-row-main'
      const title = document.createElement('span')
      title.className = 'hy-row-title'
      title.textContent = item.title || word('reportNoText')
      const meta = document.createElement('span')
      meta.className = item.problem ? 'hy-row-meta text-danger' : 'hy-row-meta'
      meta.textContent = `${new Date(item.at).toLocaleString(document.documentElement.lang)}${item.problem ? ` · ${item.problem}` : ''}`
      text.append(title, meta)
      const side = document.createElement('span')
      side.className = 'hy-row-side'
      const del = document.createElement('button')
      del.type = 'button'
      del.className = 'btn btn-ghost btn-icon btn-sm'
      del.setAttribute('aria-label', word('reportDrop'))
      del.append(icon('trash'))
      del.addEventListener('click', async () => { if (window.confirm(word('reportDropSure'))) { await drop(item.id); await show() } })
      side.append(del)
      row.append(text, side)
      return row
    }))
  }
}

let sending = false
async function flush() {
  if (sending || !navigator.onLine) return
  sending = true
  try {
    for (const text of await sendQueued(who())) toast(text || word('reportSent'), 'good')
  } finally { sending = false }
  await show()
}

/** Where positioning was allowed before, nobody has to press for it again; the map has to be there first. */
async function locate(form) {
  const allowed = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null)
  if (allowed?.state !== 'granted') return
  for (let n = 0; n < 40 && form.isConnected; n++) {
    const box = form.querySelector('[data-map]')
    if (box?.dataset.ready) {
      if (!box.querySelector('[data-point]')?.value) box.querySelector('[data-gps]')?.click()
      return
    }
    await new Promise((done) => { setTimeout(done, 250) })
  }
}

let once = false
export function startOffline(root) {
  for (const form of fresh(root, 'form[data-offline]', 'Offline')) {
    if (form.matches('[data-locate]')) locate(form)
  }
  for (const button of fresh(root, '[data-queued-send]', 'QueuedSend')) button.addEventListener('click', () => (navigator.onLine ? flush() : toast(word('offline'), 'wait')))
  show().then(flush, () => { /* no storage on this device: forms go the ordinary way */ })
  if (once) return
  once = true
  // On the window, before the check of forms.js: photos that could not be sent are kept here, not lost.
  window.addEventListener('submit', (event) => {
    const form = event.target
    if (!form.matches?.('form[data-offline]') || !window.indexedDB) return
    if (form.querySelector('[data-upload-state=running]')) return // forms.js asks to wait
    event.preventDefault()
    event.stopImmediatePropagation()
    if (form.dataset.sending) return
    form.dataset.sending = '1'
    const pressed = form.querySelector('button[type=submit]')
    pressed?.setAttribute('aria-busy', 'true')
    send(form).catch(() => toast(word('unreachable'), 'bad')).finally(() => { delete form.dataset.sending; pressed?.removeAttribute('aria-busy') })
  }, true)
  window.addEventListener('online', flush)
}
