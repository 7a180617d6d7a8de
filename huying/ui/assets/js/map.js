// Maps without anybody's tiles: divisions, grids and points served by us, with a graticule. Labelled as a sketch.
import { Map, Marker, NavigationControl, Popup, setWorkerUrl } from 'maplibre-gl'
import { fresh } from './content.js'
import { staticUrl, word } from './words.js'
import { toast } from './toast.js'
import { bounds, graticule } from './geo.js'

const tones = { info: '#1d5aa6', good: '#17633a', wait: '#b67600', bad: '#c02a1f', hold: '#54438f', neutral: '#55657a' }
const light = { ground: '#eaf0f4', area: '#dbe7f3', edge: '#6d9bd3', grid: '#c9d6e2', thin: '#9db8d8', name: '#0f2e57', halo: '#ffffff', size: 14 }
const dark = { ground: '#0a2748', area: '#123c6e', edge: '#4d8fd6', grid: '#17406f', thin: '#2f639f', name: '#dceafc', halo: '#0a2748', size: 20 }
const fonts = ['PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'sans-serif']

async function stylesheet() {
  const href = staticUrl('map.css')
  if (document.querySelector(`link[href="${href}"]`)) return
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = href
  const ready = new Promise((done) => { link.onload = link.onerror = done })
  document.head.append(link)
  await ready
}

const load = async (layer) => layer.data ?? (await fetch(layer.url, { headers: { Accept: 'application/json' } })).json()

function paintLayer(map, layer, i, data, colours) {
  const id = `layer${i}`
  map.addSource(id, { type: 'geojson', data })
  if (layer.kind === 'points') {
    map.addLayer({ id, type: 'circle', source: id, paint: {
      'circle-radius': ['interpolate', ['linear'], ['coalesce', ['get', 'count'], 1], 1, 7, 50, 22],
      'circle-color': ['match', ['coalesce', ['get', 'tone'], 'info'], ...Object.entries(tones).flat(), tones.info],
      'circle-opacity': 0.85, 'circle-stroke-color': '#fff', 'circle-stroke-width': 2,
    } })
    map.addLayer({ id: `${id}-count`, type: 'symbol', source: id, filter: ['>', ['coalesce', ['get', 'count'], 1], 1],
      layout: { 'text-field': ['to-string', ['get', 'count']], 'text-font': fonts, 'text-size': 12, 'text-allow-overlap': true }, paint: { 'text-color': '#fff' } })
    map.on('click', id, (e) => {
      const { title, text, url } = e.features[0].properties
      const box = document.createElement('div')
      const head = document.createElement(url ? 'a' : 'strong')
      if (url) head.href = url
      head.textContent = title ?? ''
      box.append(head)
      if (text) { const p = document.createElement('p'); p.textContent = text; p.className = 'mb-0'; box.append(p) }
      new Popup({ closeButton: false }).setLngLat(e.lngLat).setDOMContent(box).addTo(map)
    })
    map.on('mouseenter', id, () => { map.getCanvas().style.cursor = 'pointer' })
    map.on('mouseleave', id, () => { map.getCanvas().style.cursor = '' })
    return
  }
  const thin = layer.kind === 'grid'
  map.addLayer({ id: `${id}-fill`, type: 'fill', source: id, filter: ['==', ['geometry-type'], 'Polygon'], paint: {
    'fill-color': ['match', ['coalesce', ['get', 'tone'], ''], 'good', '#bfe3cd', 'wait', '#f7e0a8', 'bad', '#f3c1bc', 'info', '#c3d9f2', colours.area],
    'fill-opacity': thin ? 0.35 : 0.7,
  } })
  map.addLayer({ id: `${id}-line`, type: 'line', source: id, paint: { 'line-color': thin ? colours.thin : colours.edge, 'line-width': thin ? 0.8 : 1.6 } })
  // Names are drawn from the device's own fonts (no font server); where they would meet, the map leaves some out.
  const names = (data.features ?? []).filter((f) => f.properties?.name && f.geometry).map((f) => {
    const [w, s, e, n] = bounds([f])
    return { type: 'Feature', properties: { name: f.properties.name }, geometry: { type: 'Point', coordinates: [(w + e) / 2, s + (n - s) * (thin ? 0.5 : 0.72)] } }
  })
  map.addSource(`${id}-names`, { type: 'geojson', data: { type: 'FeatureCollection', features: names } })
  // The grids of a whole county are told by name only from nearer by.
  const near = thin && names.length > 60 ? { minzoom: Math.min(map.getZoom() + 1, 13) } : {}
  map.addLayer({ id: `${id}-names`, type: 'symbol', source: `${id}-names`, ...near,
    layout: { 'text-field': ['get', 'name'], 'text-font': fonts, 'text-size': thin ? colours.size - 3 : colours.size, 'text-padding': 4, 'text-max-width': 8 },
    paint: { 'text-color': colours.name, 'text-halo-color': colours.halo, 'text-halo-width': 1.5 } })
}

async function start(box) {
  const spec = JSON.parse(box.querySelector('script[type="application/json"]').textContent)
  const holder = box.querySelector('.hy-map-canvas')
  const field = box.querySelector('[data-point]')
  const where = box.querySelector('[data-where]')
  const colours = box.closest('.hy-wall') ? dark : light
  setWorkerUrl(new URL(staticUrl('map-worker.js'), location.href).href)
  const [loaded] = await Promise.all([Promise.all((spec.layers ?? []).map((l) => load(l).catch(() => null))), stylesheet()])
  const at = field?.value ? field.value.split(',').map(Number) : spec.point
  const all = loaded.flatMap((d) => d?.features ?? [])
  const frame = spec.bounds ?? (all.length ? bounds(all) : null)

  let map
  try {
    map = new Map({
      container: holder, attributionControl: false, maxZoom: 18, dragRotate: false, pitchWithRotate: false, touchPitch: false, cooperativeGestures: spec.mode !== 'pick' && !box.closest('.hy-wall'),
      locale: { 'NavigationControl.ZoomIn': word('zoomIn'), 'NavigationControl.ZoomOut': word('zoomOut'), 'Map.Title': word('map'),
        'CooperativeGesturesHandler.WindowsHelpText': word('mapCtrl'), 'CooperativeGesturesHandler.MacHelpText': word('mapCtrl'), 'CooperativeGesturesHandler.MobileHelpText': word('mapFingers') },
      style: { version: 8, sources: {}, layers: [{ id: 'ground', type: 'background', paint: { 'background-color': colours.ground } }] },
      ...(at ? { center: at, zoom: 14 } : frame ? { bounds: frame, fitBoundsOptions: { padding: 24 } } : { center: [105, 35], zoom: 3 }),
    })
  } catch {
    const note = document.createElement('p')
    note.className = 'hy-map-dead'
    note.textContent = word('mapFailed')
    holder.append(note)
  }
  if (map) {
    map.touchZoomRotate.disableRotation()
    if (!box.closest('.hy-wall')) map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
    map.on('load', () => {
      if (frame) {
        map.addSource('graticule', { type: 'geojson', data: graticule(frame) })
        map.addLayer({ id: 'graticule', type: 'line', source: 'graticule', paint: { 'line-color': colours.grid, 'line-width': 0.7 } })
      }
      loaded.forEach((data, i) => { if (data) paintLayer(map, spec.layers[i], i, data, colours) })
      box.dataset.ready = '1'
    })
    new ResizeObserver(() => map.resize()).observe(holder)
  }

  let marker = null
  const put = async (point, { accuracy = '', fly = false } = {}) => {
    if (map) {
      marker ??= new Marker({ color: tones.bad, draggable: spec.mode === 'pick' })
      marker.setLngLat(point).addTo(map)
      if (spec.mode === 'pick' && !marker.wired) {
        marker.wired = true
        marker.on('dragend', () => { const p = marker.getLngLat(); put([p.lng, p.lat]) })
      }
      if (fly) map.easeTo({ center: point, zoom: Math.max(map.getZoom(), 14) })
    }
    if (!field) return
    field.value = point.map((n) => n.toFixed(6)).join(',')
    const note = box.querySelector('[data-accuracy]')
    if (note) note.value = accuracy === '' ? '' : Math.round(accuracy)
    field.dispatchEvent(new Event('change', { bubbles: true }))
    if (!where) return
    where.textContent = word('pointChosen', { lon: point[0].toFixed(5), lat: point[1].toFixed(5) })
    if (!spec.lookup) return
    const mine = field.value
    try {
      const answer = await (await fetch(`${spec.lookup}${spec.lookup.includes('?') ? '&' : '?'}lon=${point[0].toFixed(6)}&lat=${point[1].toFixed(6)}`, { headers: { Accept: 'application/json' } })).json()
      if (field.value === mine && answer.label) where.textContent = answer.label
    } catch { /* the coordinates are shown already */ }
  }
  if (at) put(at)
  if (spec.mode !== 'pick') return
  map?.on('click', (e) => put([e.lngLat.lng, e.lngLat.lat]))
  box.querySelector('[data-centre]')?.addEventListener('click', () => { const c = map?.getCenter(); if (c) put([c.lng, c.lat]) })
  const gps = box.querySelector('[data-gps]')
  gps?.addEventListener('click', () => {
    if (!navigator.geolocation) return toast(word('noGps'), 'wait')
    gps.setAttribute('aria-busy', 'true')
    navigator.geolocation.getCurrentPosition(
      (p) => { gps.removeAttribute('aria-busy'); put([p.coords.longitude, p.coords.latitude], { accuracy: p.coords.accuracy, fly: true }) },
      (e) => { gps.removeAttribute('aria-busy'); toast(word(e.code === 1 ? 'gpsRefused' : 'gpsFailed'), 'wait') },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    )
  })
}

export function startMaps(root) {
  for (const box of fresh(root, '[data-map]', 'Map')) start(box).catch((e) => { console.warn(e); box.querySelector('.hy-map-canvas')?.classList.add('failed') })
}
