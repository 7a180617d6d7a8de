// The one script of every page. Heavy things (charts, maps, Alpine) are fetched only by pages that use them.
import './net.js'
import './toast.js'
import { onContent } from './content.js'
import { startForms } from './forms.js'
import { startDrafts } from './drafts.js'
import { startCountdowns } from './countdown.js'
import { startUploads } from './uploads.js'
import { startPicks } from './pick.js'
import { startSmall } from './small.js'
import { startKeys } from './keys.js'
import { startWhens } from './when.js'
import { startPwa } from './pwa.js'

startForms()
startPwa()
onContent((root) => {
  startDrafts(root)
  startCountdowns(root)
  startUploads(root)
  startPicks(root)
  startSmall(root)
  startKeys(root)
  startWhens(root)
  if (has(root, '[data-chart]')) import('./charts.js').then((m) => m.startCharts(root), lost)
  if (has(root, '[data-map]')) import('./map.js').then((m) => m.startMaps(root), lost)
  if (has(root, '[data-offline], [data-queued]')) import('./offline.js').then((m) => m.startOffline(root), lost)
  if (has(root, '[x-data]')) import('./alpine.js').then((m) => m.startAlpine(), lost)
  if (has(root, '.stage[data-wall]')) import('./wall.js').then((m) => m.startWall(root), lost)
})

function has(root, selector) {
  return root.matches?.(selector) || root.querySelector(selector) !== null
}

// A chunk that cannot be fetched (offline, new release) leaves the page usable: fields and tables are there without it.
function lost(error) {
  console.warn('part of the page was not loaded', error)
}
