import { icon, word } from './words.js'

const icons = { good: 'circle-check', bad: 'alert-circle', wait: 'alert-triangle', info: 'info-circle' }

/** A passing message at the foot of the page. Errors stay until closed; the rest go after six seconds. */
export function toast(text, tone = 'info') {
  let box = document.querySelector('.hy-toasts')
  if (!box) {
    box = document.createElement('div')
    box.className = 'hy-toasts'
    document.body.append(box)
  }
  if ([...box.children].some((t) => t.dataset.text === text)) return
  const one = document.createElement('div')
  one.className = `hy-toast tone-${tone}`
  one.dataset.text = text
  one.setAttribute('role', tone === 'bad' ? 'alert' : 'status')
  const body = document.createElement('div')
  body.textContent = text
  const close = document.createElement('button')
  close.type = 'button'
  close.textContent = '×'
  close.setAttribute('aria-label', word('close'))
  close.addEventListener('click', () => one.remove())
  one.append(icon(icons[tone] ?? icons.info), body, close)
  box.append(one)
  if (tone !== 'bad') setTimeout(() => one.remove(), 6000)
}

// Servers may ask for a message with the header HX-Trigger: {"toast": {"text": "…", "tone": "good"}}.
document.addEventListener('toast', (event) => toast(event.detail.text ?? event.detail.value, event.detail.tone))
// Messages that were rendered into the page and passed by themselves.
document.addEventListener('click', (event) => {
  if (event.target.closest?.('[data-dismiss]')) event.target.closest('.hy-toast, .hy-alert, .hy-banner')?.remove()
})
