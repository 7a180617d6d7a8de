// Fields that depend on others: data-when="call = complaint or call = report", data-when="not anonymous".
// The same small language as the guards of forms; it only hides, the server decides. What cannot be read stays shown.
import { fresh } from './content.js'

const TOKEN = /\s*(\(|\)|\[|\]|,|!=|>=|<=|=|<|>|"[^"]*"|'[^']*'|[^\s()[\],!=<>"']+)/gy

function tokens(text) {
  TOKEN.lastIndex = 0
  const found = []
  for (let m = TOKEN.exec(text); m; m = TOKEN.exec(text)) found.push(m[1])
  return found
}

/** Whether a guard holds, given value(name) → list of chosen values. Throws on what it does not understand. */
export function holds(text, value) {
  const list = tokens(text)
  let i = 0
  const either = () => { let v = both(); while (list[i] === 'or') { i++; v = both() || v } return v }
  const both = () => { let v = one(); while (list[i] === 'and') { i++; v = one() && v } return v }
  const plain = (word) => (word ?? '').replace(/^["']|["']$/g, '')
  const one = () => {
    if (list[i] === 'not') { i++; return !one() }
    if (list[i] === '(') { i++; const v = either(); if (list[i++] !== ')') throw new Error(text); return v }
    const name = list[i++]
    if (name === undefined) throw new Error(text)
    const against = list[i] === 'not' && list[i + 1] === 'in'
    if (against) i++
    const sign = list[i]
    if (sign === 'in') {
      i++
      if (list[i++] !== '[') throw new Error(text)
      const set = []
      while (list[i] !== ']') { if (i >= list.length) throw new Error(text); if (list[i] !== ',') set.push(plain(list[i])); i++ }
      i++
      const mine = value(name)
      return mine.length > 0 && mine.some((v) => set.includes(v)) !== against
    }
    if (!['=', '!=', '<', '>', '<=', '>='].includes(sign)) return value(name).some((v) => v !== '' && v !== 'no')
    i++
    const word = plain(list[i++])
    const mine = value(name)
    if (sign === '=') return mine.includes(word)
    if (sign === '!=') return mine.length > 0 && !mine.includes(word)
    const [a, b] = [Number(mine[0]), Number(word)]
    if (mine.length === 0 || Number.isNaN(a) || Number.isNaN(b)) return false
    return { '<': a < b, '>': a > b, '<=': a <= b, '>=': a >= b }[sign]
  }
  const result = either()
  if (i !== list.length) throw new Error(text)
  return result
}

export function startWhens(root) {
  for (const field of fresh(root, '[data-when]', 'When')) {
    const form = field.closest('form')
    if (!form) continue
    const value = (name) => {
      // A name that is no field of this form (tier, facts of the case) is not for us to judge.
      if (!form.elements.namedItem(name)) throw new Error(name)
      return new FormData(form).getAll(name).map(String).filter((v) => v !== '')
    }
    const show = () => {
      try {
        const on = holds(field.dataset.when, value)
        field.hidden = !on
        // Hidden fields are neither required nor sent.
        for (const el of field.querySelectorAll('input, select, textarea')) el.toggleAttribute('data-off', !on)
        for (const el of field.querySelectorAll('[required]')) if (!on) { el.required = false; el.dataset.wasRequired = '1' }
        for (const el of field.querySelectorAll('[data-was-required]')) if (on) el.required = true
      } catch {
        field.hidden = false
      }
    }
    form.addEventListener('change', show)
    form.addEventListener('input', show)
    show()
  }
  if (!startWhens.wired) {
    startWhens.wired = true
    document.addEventListener('formdata', (event) => {
      for (const el of event.target.querySelectorAll('[data-off][name]')) event.formData.delete(el.name)
    })
  }
}
