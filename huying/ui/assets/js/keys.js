// A list by keyboard: j and k (or the arrows) go through the rows of table[data-keys], Enter opens, x ticks, / searches.
import { fresh } from './content.js'

const typing = (el) => el.closest('input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]')

function rows() {
  return [...document.querySelectorAll('table[data-keys] tbody tr')]
}

function go(by) {
  const all = rows()
  if (!all.length) return
  const at = all.findIndex((row) => row.classList.contains('at'))
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))]
  for (const row of all) row.classList.toggle('at', row === next)
  next.querySelector('a[data-row]')?.focus({ preventScroll: true })
  next.scrollIntoView({ block: 'nearest' })
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
  if (event.key === 'j') go(1)
  else if (event.key === 'k') go(-1)
  else if (event.key === 'x') document.querySelector('table[data-keys] tr.at input[type=checkbox]')?.click()
  else if (event.key === '/') document.querySelector('.hy-filters input[type=search], .hy-top input[type=search]')?.focus()
  else return
  event.preventDefault()
}

let listening = false
export function startKeys(root) {
  if (fresh(root, 'table[data-keys]', 'Keys').length === 0 || listening) return
  listening = true
  document.addEventListener('keydown', pressed)
}
