// A queue in IndexedDB for requests made while offline. Each carries its idempotency key in the body, so that sending
// twice does no harm. Kept: {id, url, body: [[name, value]…], csrf, at}.
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

/** Sends all; an answer below 500 (also a refusal) ends an item, a lost line keeps it. Returns how many were ended. */
export async function sendQueued() {
  const db = await open()
  let ended = 0
  for (const item of await db.getAll('queue')) {
    const body = new FormData()
    for (const [name, value] of item.body) body.append(name, value)
    const answer = await fetch(item.url, { method: 'POST', body, headers: { 'X-CSRFToken': item.csrf }, credentials: 'same-origin' })
    if (answer.status >= 500) continue
    await db.delete('queue', item.id)
    ended++
  }
  return ended
}
