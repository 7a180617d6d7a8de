// Service worker. The server puts `self.HUYING = {version, files, offline}` before this text (see huying.ui.views).
// It keeps only what is the same for everybody: pages with people's data are never cached.
import { sendQueued } from './queue.js'

const { version, files, offline } = self.HUYING
const cacheName = `huying-${version}`

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([...files, offline])).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((n) => n.startsWith('huying-') && n !== cacheName).map((n) => caches.delete(n))))
    .then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match(offline).then((page) => page ?? Response.error())))
  } else if (url.pathname.startsWith('/static/')) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)))
  }
})

// Reports kept while offline are sent when the line is back (see queue.js for who puts them there).
self.addEventListener('sync', (event) => {
  if (event.tag === 'huying-queue') event.waitUntil(sendQueued())
})
