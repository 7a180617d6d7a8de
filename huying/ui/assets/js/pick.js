// A long <select> gets a box to type in: data-pick. The select stays in the form and is what is sent.
import { fresh } from './content.js'
import { word } from './words.js'

let counter = 0

function start(select) {
  const id = `pick${++counter}`
  const box = document.createElement('div')
  box.className = 'hy-pick'
  const input = document.createElement('input')
  input.type = 'text'
  input.className = 'form-control'
  input.autocomplete = 'off'
  input.id = `${select.id || id}-find`
  input.placeholder = select.dataset.pick || word('typeToFind')
  for (const [k, v] of Object.entries({ role: 'combobox', 'aria-expanded': 'false', 'aria-controls': id, 'aria-autocomplete': 'list' })) input.setAttribute(k, v)
  for (const a of ['aria-invalid', 'aria-describedby']) if (select.hasAttribute(a)) input.setAttribute(a, select.getAttribute(a))
  const list = document.createElement('ul')
  list.className = 'hy-pick-list'
  list.id = id
  list.hidden = true
  list.setAttribute('role', 'listbox')
  const tags = document.createElement('div')
  tags.className = 'hy-pick-tags'
  select.after(box)
  box.append(input, list)
  if (select.multiple) box.append(tags)
  select.hidden = true
  const label = select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`)
  if (label) label.htmlFor = input.id
  // A hidden required select would block the form without a word: the server answers for it instead.
  if (select.required) { select.required = false; input.setAttribute('aria-required', 'true') }

  let at = -1
  const options = () => [...select.options].filter((o) => o.value !== '' && !o.disabled)
  const show = () => {
    if (!select.multiple) input.value = select.selectedOptions[0]?.value ? select.selectedOptions[0].textContent.trim() : ''
    tags.replaceChildren(...options().filter((o) => select.multiple && o.selected).map((o) => {
      const b = document.createElement('button')
      b.type = 'button'
      b.textContent = `${o.textContent.trim()} ×`
      b.setAttribute('aria-label', word('removeChoice', { name: o.textContent.trim() }))
      b.addEventListener('click', () => { o.selected = false; changed() })
      return b
    }))
  }
  const changed = () => { show(); select.dispatchEvent(new Event('change', { bubbles: true })) }
  const close = () => { list.hidden = true; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); at = -1 }
  const choose = (o) => {
    if (select.multiple) { o.selected = !o.selected; input.value = '' } else select.value = o.value
    changed()
    close()
  }
  const open = (all) => {
    const words = all ? [] : input.value.trim().toLowerCase().split(/\s+/)
    const hits = options().filter((o) => {
      const text = `${o.textContent} ${o.dataset.keys ?? ''} ${o.parentElement.label ?? ''}`.toLowerCase()
      return words.every((w) => text.includes(w))
    }).slice(0, 100)
    list.replaceChildren(...hits.map((o, i) => {
      const li = document.createElement('li')
      li.id = `${id}-${i}`
      li.setAttribute('role', 'option')
      li.setAttribute('aria-selected', String(o.selected))
      li.textContent = (o.parentElement.label ? `${o.parentElement.label} › ` : '') + o.textContent.trim()
      li.addEventListener('mousedown', (e) => { e.preventDefault(); choose(o) })
      li.option = o
      return li
    }))
    if (!hits.length) {
      const li = document.createElement('li')
      li.className = 'none'
      li.textContent = word('nothingFound')
      list.append(li)
    }
    list.hidden = false
    input.setAttribute('aria-expanded', 'true')
    at = -1
  }
  const move = (by) => {
    if (list.hidden) open(true)
    const rows = [...list.children].filter((r) => r.option)
    if (!rows.length) return
    at = (at + by + rows.length) % rows.length
    rows.forEach((r, i) => r.setAttribute('aria-selected', String(i === at)))
    rows[at].scrollIntoView({ block: 'nearest' })
    input.setAttribute('aria-activedescendant', rows[at].id)
  }
  input.addEventListener('focus', () => { input.select(); open(true) })
  input.addEventListener('click', () => { if (list.hidden) open(true) })
  input.addEventListener('input', () => open(false))
  input.addEventListener('blur', () => { close(); if (!select.multiple && input.value === '' && select.querySelector('option[value=""]') && select.value) { select.value = ''; changed() } else show() })
  input.addEventListener('keydown', (e) => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { e.preventDefault(); move(e.key === 'ArrowDown' ? 1 : -1) }
    else if (e.key === 'Enter' && !list.hidden) {
      e.preventDefault()
      const row = [...list.children].filter((r) => r.option)[Math.max(at, 0)]
      if (row) choose(row.option)
    } else if (e.key === 'Escape' && !list.hidden) { e.stopPropagation(); close() }
  })
  show()
}

export function startPicks(root) {
  for (const select of fresh(root, 'select[data-pick]', 'Pick')) start(select)
}
