// The big screen is laid out at 1920×1080 and scaled as a whole to the wall that it hangs on.
export function startWall(root) {
  const stage = root.querySelector('.stage[data-wall]')
  const fit = () => {
    const k = Math.min(innerWidth / 1920, innerHeight / 1080)
    stage.style.transform = `translate(${(innerWidth - 1920 * k) / 2}px, ${(innerHeight - 1080 * k) / 2}px) scale(${k})`
  }
  addEventListener('resize', fit)
  fit()
  const clock = root.querySelector('[data-clock]')
  if (clock) {
    const server = Date.parse(document.documentElement.dataset.now ?? '')
    const offset = Number.isNaN(server) ? 0 : server - Date.now()
    const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'medium', timeZone: document.documentElement.dataset.zone || undefined })
    const tick = () => { clock.textContent = format.format(Date.now() + offset) }
    setInterval(tick, 1000)
    tick()
  }
}
