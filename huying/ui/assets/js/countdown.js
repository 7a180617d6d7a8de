// Limits count down by the server's clock: the page carries the server's time, so a wrong clock on the phone does not matter.
import { fresh } from './content.js'
import { word } from './words.js'

const live = new Set()
let offset = null

function now() {
  if (offset === null) {
    const server = Date.parse(document.documentElement.dataset.now ?? '')
    offset = Number.isNaN(server) ? 0 : server - Date.now()
  }
  return Date.now() + offset
}

/** "3 days 4 hours" for a length in milliseconds: two largest units, seconds only in the last hour. */
export function spell(ms) {
  const s = Math.floor(Math.abs(ms) / 1000)
  const parts = [[Math.floor(s / 86400), 'days'], [Math.floor(s / 3600) % 24, 'hours'], [Math.floor(s / 60) % 60, 'minutes'], [s % 60, 'seconds']]
  const first = parts.findIndex(([n]) => n > 0)
  if (first < 0) return word('seconds', { n: 0 })
  return parts.slice(first, first + 2).filter(([n], i) => i === 0 || n > 0).map(([n, unit]) => word(unit, { n })).join(' ')
}

function draw(el) {
  const left = Date.parse(el.dataset.due) - now()
  const soon = Number(el.dataset.soon ?? 0) * 1000
  const tone = left < 0 ? 'bad' : left < soon ? 'wait' : 'info'
  const text = word(left < 0 ? 'overdueBy' : 'leftTime', { time: spell(left) })
  const out = el.querySelector('[data-left]')
  if (out.textContent !== text) out.textContent = text
  const box = el.closest('[data-tone]') ?? el
  if (box.dataset.tone !== tone) {
    box.classList.remove(`tone-${box.dataset.tone}`)
    box.classList.add(`tone-${tone}`)
    box.dataset.tone = tone
    const use = box.querySelector('.icon use')
    if (use) use.setAttribute('href', use.getAttribute('href').replace(/#.*/, left < 0 ? '#alert-triangle' : '#clock'))
  }
}

export function startCountdowns(root) {
  for (const el of fresh(root, '[data-due]', 'Due')) { live.add(el); draw(el) }
  if (live.size && !startCountdowns.timer) {
    startCountdowns.timer = setInterval(() => {
      for (const el of live) if (el.isConnected) draw(el); else live.delete(el)
    }, 1000)
  }
}
