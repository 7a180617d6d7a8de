// Words for script come from the server's catalogue: <script type="application/json" id="hy-words">.
let words = null

/** The word for `key`, with {name} replaced from `values`; the key itself when the server sent none. */
export function word(key, values = {}) {
  if (words === null) {
    try { words = JSON.parse(document.getElementById('hy-words').textContent) } catch { words = {} }
  }
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
}

const settings = () => document.documentElement.dataset
export const iconUrl = (name) => `${settings().icons}#${name}`
export const staticUrl = (name) => settings().dist + name

/** An <svg class="icon"> that shows one icon of the sprite. */
export function icon(name) {
  const ns = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(ns, 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(ns, 'use')
  use.setAttribute('href', iconUrl(name))
  svg.append(use)
  return svg
}

/** Token against forged requests: that of any form on the page, else of <html data-csrf>. */
export function csrf() {
  return document.querySelector('input[name=csrfmiddlewaretoken]')?.value ?? settings().csrf ?? ''
}
