// Tabler's partials speak light-dark(), color-mix() and relative oklch(), which browsers before about 2024 do not
// know. There is one theme and every custom property of :root is a constant here, so they are worked out at build time.

/** Arguments of the call whose opening bracket is at `open`: [list of arguments, index after the closing bracket]. */
function args(css, open) {
  const found = []
  let depth = 0
  let from = open + 1
  for (let i = open; i < css.length; i++) {
    const c = css[i]
    if (c === '(') depth++
    else if (c === ')' && --depth === 0) { found.push(css.slice(from, i).trim()); return [found, i + 1] }
    else if (c === ',' && depth === 1) { found.push(css.slice(from, i).trim()); from = i + 1 }
  }
  throw new Error('unbalanced brackets in the stylesheet')
}

function replaceCalls(css, name, how) {
  let at = css.lastIndexOf(name + '(') // from the end, so that inner calls go first
  while (at >= 0) {
    const [list, end] = args(css, at + name.length)
    const put = how(list)
    if (put !== null) css = css.slice(0, at) + put + css.slice(end)
    if (at === 0) break
    at = css.lastIndexOf(name + '(', at - 1)
  }
  return css
}

function rgba(word, known, depth = 0) {
  word = word.trim()
  const ref = /^var\(\s*(--[\w-]+)\s*(?:,.*)?\)$/.exec(word)
  if (ref) return depth < 5 && known[ref[1]] ? rgba(known[ref[1]], known, depth + 1) : null
  if (word === 'transparent') return [0, 0, 0, 0]
  if (word === 'white') return [255, 255, 255, 1]
  if (word === 'black') return [0, 0, 0, 1]
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(word)
  if (!hex) return null
  const h = hex[1].length === 3 ? [...hex[1]].map((c) => c + c).join('') : hex[1]
  return [0, 2, 4].map((i) => parseInt(h.slice(i, i + 2), 16)).concat(1)
}

function share(text, known) {
  const m = /^(.*?)\s+(?:calc\(\s*(.+?)\s*\*\s*100%\s*\)|([\d.]+)%)$/s.exec(text)
  if (!m) return [text, null]
  if (m[3] !== undefined) return [m[1], Number(m[3]) / 100]
  const ref = /^var\(\s*(--[\w-]+)\s*(?:,\s*([\d.]+))?\)$/.exec(m[2])
  const value = Number(ref ? (known[ref[1]] ?? ref[2]) : m[2])
  return [m[1], Number.isNaN(value) ? null : value]
}

/** The stylesheet with one theme, and colours that every browser of the last six years reads. */
export function plainColours(css) {
  const known = {}
  for (const block of css.matchAll(/:root[^{]*\{([^}]*)\}/g)) {
    for (const line of block[1].matchAll(/(--[\w-]+):\s*([^;]+);/g)) known[line[1]] = line[2].trim()
  }
  css = replaceCalls(css, 'light-dark', ([light]) => light)
  css = replaceCalls(css, 'color-mix', ([, first, second]) => {
    let [a, p] = share(first, known)
    let [b, q] = share(second, known)
    if (p === null) p = q === null ? 0.5 : 1 - q
    const x = rgba(a, known)
    const y = rgba(b, known)
    if (!x || !y) return null
    const alpha = x[3] * p + y[3] * (1 - p)
    if (alpha === 0) return 'transparent'
    const mix = [0, 1, 2].map((i) => Math.round((x[i] * x[3] * p + y[i] * y[3] * (1 - p)) / alpha))
    return alpha === 1 ? `rgb(${mix.join(', ')})` : `rgba(${mix.join(', ')}, ${alpha.toFixed(3)})`
  })
  return css.replace(/oklch\(from (var\(--[\w-]+\))[^)]*\)(?:\s*c h\))?/g, '$1')
}
