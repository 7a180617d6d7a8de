// Forms are sent once; uploads must be finished before; the first wrong field gets the focus.
import htmx from 'htmx.org'
import { word } from './words.js'
import { toast } from './toast.js'

const buttons = (form) => [...form.querySelectorAll('button:not([type=button]), input[type=submit]'),
  ...(form.id ? document.querySelectorAll(`button[form="${CSS.escape(form.id)}"]`) : [])]

function hold(form, pressed) {
  form.dataset.sending = '1'
  for (const b of buttons(form)) b.setAttribute('aria-disabled', 'true')
  pressed?.setAttribute('aria-busy', 'true')
}

/** Lets a form be sent again. */
export function release(form) {
  delete form.dataset.sending
  for (const b of buttons(form)) { b.removeAttribute('aria-disabled'); b.removeAttribute('aria-busy') }
}

export function startForms() {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (form.dataset.sending) { event.preventDefault(); event.stopImmediatePropagation(); return }
    if (form.querySelector('[data-upload-state=running]')) {
      event.preventDefault()
      event.stopImmediatePropagation()
      toast(word('waitForPhotos'), 'wait')
      return
    }
    if (form.querySelector('[data-upload-state=failed]') && !window.confirm(word('photosFailed'))) {
      event.preventDefault()
      event.stopImmediatePropagation()
      return
    }
    const ask = event.submitter?.dataset.confirm ?? form.dataset.confirm
    if (ask && !window.confirm(ask)) { event.preventDefault(); event.stopImmediatePropagation(); return }
    if ((form.method ?? '').toLowerCase() === 'get' && !form.matches('[hx-get]')) return
    hold(form, event.submitter)
    // A page that never comes (the line is lost) must not leave a dead form behind.
    setTimeout(() => release(form), 30000)
  }, true)
  addEventListener('pageshow', () => document.querySelectorAll('form[data-sending]').forEach(release))
  htmx.on('htmx:afterRequest', (event) => {
    const form = event.detail.elt.closest?.('form')
    if (form) release(form)
  })
  const toFirstError = (root) => root.querySelector('.hy-errors:not([data-sample] *), [aria-invalid=true]:not([data-sample] *)')?.focus({ preventScroll: false })
  document.addEventListener('DOMContentLoaded', () => toFirstError(document))
  htmx.on('htmx:afterSwap', (event) => { if (event.detail.xhr?.status === 422) toFirstError(event.detail.target) })
}
