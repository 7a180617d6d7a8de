// Runs a starter on the first page and on every piece that htmx puts in.
import htmx from 'htmx.org'

export function onContent(start) {
  const run = () => start(document.body)
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', run)
  else run()
  htmx.on('htmx:load', (event) => { if (event.detail.elt !== document.body) start(event.detail.elt) })
}

/** Elements at or under root that match and were not started before (each is marked once per `name`). */
export function fresh(root, selector, name) {
  const all = [...root.querySelectorAll(selector)]
  if (root.matches?.(selector)) all.unshift(root)
  return all.filter((el) => {
    const key = `started${name}`
    if (el.dataset[key]) return false
    el.dataset[key] = '1'
    return true
  })
}
