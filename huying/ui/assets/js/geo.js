// Small geometry for maps. Coordinates are [longitude, latitude] in degrees, WGS 84.

/** [west, south, east, north] of GeoJSON features. */
export function bounds(features) {
  const box = [180, 90, -180, -90]
  const walk = (c) => {
    if (typeof c[0] === 'number') {
      box[0] = Math.min(box[0], c[0]); box[1] = Math.min(box[1], c[1])
      box[2] = Math.max(box[2], c[0]); box[3] = Math.max(box[3], c[1])
    } else c.forEach(walk)
  }
  for (const f of features) if (f.geometry) walk(f.geometry.coordinates)
  return box
}

/** Lines of longitude and latitude around a box, about eight each way. */
export function graticule([w, s, e, n]) {
  const raw = Math.max(e - w, n - s, 0.01) / 8
  const unit = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((k) => k * unit).find((k) => k >= raw)
  const pad = Math.max(e - w, n - s, 0.01)
  const lines = []
  for (let x = Math.floor((w - pad) / step) * step; x <= e + pad; x += step) lines.push([[x, s - pad], [x, n + pad]])
  for (let y = Math.floor((s - pad) / step) * step; y <= n + pad; y += step) lines.push([[w - pad, y], [e + pad, y]])
  return { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: { type: 'MultiLineString', coordinates: lines } }] }
}
