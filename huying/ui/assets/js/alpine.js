// Alpine's build without eval, for pages that carry x-data. Components are registered with huying.component(name, make).
import Alpine from '@alpinejs/csp'

let running = false
export function startAlpine() {
  if (running) return
  running = true
  window.Alpine = Alpine
  Alpine.start()
}
