// Small behaviours that need no framework.
import { fresh } from './content.js'
import { word } from './words.js'
import { toast } from './toast.js'

export function startSmall(root) {
  // Menus (<details class="hy-menu">) close on a press elsewhere and on Escape.
  for (const menu of fresh(root, 'details.hy-menu', 'Menu')) {
    menu.addEventListener('toggle', () => {
      if (menu.open) for (const other of document.querySelectorAll('details.hy-menu[open]')) if (other !== menu) other.open = false
    })
    menu.addEventListener('keydown', (e) => { if (e.key === 'Escape') { menu.open = false; menu.querySelector('summary').focus() } })
  }
  // Dialogs: [data-opens="id"] opens, [data-closes] closes.
  for (const el of fresh(root, '[data-opens]', 'Opens')) {
    el.addEventListener('click', () => document.getElementById(el.dataset.opens)?.showModal())
  }
  for (const el of fresh(root, '[data-closes]', 'Closes')) el.addEventListener('click', () => el.closest('dialog')?.close())
  // Filters and selects that act at once: data-autosubmit
  for (const el of fresh(root, '[data-autosubmit]', 'Auto')) el.addEventListener('change', () => el.form?.requestSubmit())
  // A picture wider than its frame begins in its middle, where its main way is.
  for (const el of fresh(root, '[data-centre]', 'Centre')) el.scrollLeft = (el.scrollWidth - el.clientWidth) / 2
  // Length of a text with a maximum.
  for (const el of fresh(root, '[data-count]', 'Count')) {
    const out = document.getElementById(el.dataset.count)
    const show = () => { if (out) out.textContent = `${el.value.length} / ${el.maxLength}` }
    el.addEventListener('input', show)
    show()
  }
  for (const el of fresh(root, '[data-copy]', 'Copy')) {
    el.addEventListener('click', async () => {
      try { await navigator.clipboard.writeText(el.dataset.copy); toast(word('copied'), 'good') } catch { toast(word('copyFailed'), 'wait') }
    })
  }
  for (const el of fresh(root, '[data-print]', 'Print')) el.addEventListener('click', () => window.print())
  // Reply templates: data-fill="id of the field"; the text is put in or, when something is there, added.
  for (const el of fresh(root, '[data-fill]', 'Fill')) {
    const put = () => {
      const text = el.tagName === 'SELECT' ? el.value : el.dataset.text
      const field = document.getElementById(el.dataset.fill)
      if (!field || !text) return
      field.value = field.value ? `${field.value}\n${text}` : text
      field.dispatchEvent(new Event('input', { bubbles: true }))
      field.focus()
      if (el.tagName === 'SELECT') el.value = ''
    }
    el.addEventListener(el.tagName === 'SELECT' ? 'change' : 'click', put)
  }
  // Everything of a table: data-check-all="name"; the bar that needs a choice: data-needs-checked="name".
  for (const el of fresh(root, '[data-check-all]', 'All')) {
    el.addEventListener('change', () => {
      for (const box of document.querySelectorAll(`input[type=checkbox][name="${el.dataset.checkAll}"]`)) box.checked = el.checked
      countChecked(el.dataset.checkAll)
    })
  }
  for (const bar of fresh(root, '[data-needs-checked]', 'Needs')) countChecked(bar.dataset.needsChecked)
}

function countChecked(name) {
  const n = document.querySelectorAll(`input[type=checkbox][name="${name}"]:checked`).length
  for (const bar of document.querySelectorAll(`[data-needs-checked="${name}"]`)) {
    bar.hidden = n === 0
    const out = bar.querySelector('[data-checked-count]')
    if (out) out.textContent = String(n)
  }
}

document.addEventListener('change', (e) => { if (e.target.type === 'checkbox' && e.target.name) countChecked(e.target.name) })
document.addEventListener('click', (e) => {
  for (const menu of document.querySelectorAll('details.hy-menu[open]')) if (!menu.contains(e.target)) menu.open = false
})
