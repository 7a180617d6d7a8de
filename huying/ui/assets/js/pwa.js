// Registers the service worker, which keeps the styles, the script and a page for when the line is gone.
export function startPwa() {
  const url = document.documentElement.dataset.sw
  if (!url || !('serviceWorker' in navigator)) return
  addEventListener('load', () => { navigator.serviceWorker.register(url, { scope: '/' }).catch(() => {}) })
}
