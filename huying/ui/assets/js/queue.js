// A queue in IndexedDB for reports made while there is no network. Each carries its idempotency key in the body, so that
// sending twice does no harm. Kept: {id, who, url, title, at, body: [[name, text or file]…], problem}.
import { openDB } from 'idb'

const open = () => openDB('huying', 1, { upgrade: (db) => { db.createObjectStore('queue', { keyPath: 'id' }) } })

export async function enqueue(item) {
  const db = await open()
  await db.put('queue', item)
}

export async function queued() {
  const db = await open()
  return db.getAll('queue')
}

export async function drop(id) {
  const db = await open()
  await db.delete('queue', id)
}

/** Sends one body; X-Queued asks for an answer in JSON, HX-Request for a 401 instead of the sign-in page. */
export function post(url, entries, token, more = {}) {
  const body = new FormData()
  for (const [name, value] of entries) {
    if (value instanceof Blob) body.append(name, value, value.name ?? 'photo.jpg')
    else body.append(name, value)
  }
  return fetch(url, { method: 'POST', body, credentials: 'same-origin', headers: { 'X-CSRFToken': token, 'X-Queued': '1', 'HX-Request': 'true', ...more } })
}

/** The token may have changed since the report was typed (a new sign-in): the form's own page tells the current one. */
async function freshToken(url) {
  const page = await fetch(url, { headers: { 'HX-Request': 'true' }, credentials: 'same-origin' })
  if (!page.ok) return null
  return /data-csrf="([^"]+)"/.exec(await page.text())?.[1] ?? null
}

/**
 * Sends what is kept, oldest first. Only an answer that the report was taken ends an item; one that was refused stays
 * with its problem for its author to read; a lost line or a sign-out stops here. Returns the texts of those taken.
 */
export async function sendQueued(who = null) {
  const done = []
  const items = (await queued()).filter((item) => who === null || item.who === who).sort((a, b) => a.at - b.at)
  for (const item of items) {
    let answer
    try {
      const token = await freshToken(item.url)
      if (token === null) return done
      answer = await post(item.url, item.body, token, { 'X-Stay': '1' })
    } catch { return done }
    if (answer.status === 401 || answer.status === 403 || answer.status >= 500) return done
    let said = {}
    try { said = await answer.json() } catch { return done }
    if (answer.ok) {
      await drop(item.id)
      done.push(said.text ?? '')
    } else if (answer.status !== 409) {
      await enqueue({ ...item, problem: (said.errors ?? [said.error ?? String(answer.status)]).join(' ') })
    }
  }
  return done
}
