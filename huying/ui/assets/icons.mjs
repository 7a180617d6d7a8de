// One SVG sprite with only the icons in use: those named in icons.txt and those found in templates, Python and presets.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const patterns = {
  html: [/\{%\s*icon(?:_url)?\s+["']([a-z0-9-]+)["']/g, /\bicon\s*=\s*["']([a-z0-9-]+)["']/g], // {% icon "camera" %}, with icon="camera"
  py: [/\bicon\s*=\s*["']([a-z0-9-]+)["']/g, /["']icon["']\s*:\s*["']([a-z0-9-]+)["']/g], // icon="camera", {"icon": "camera"}
  yaml: [/\bicon:\s*["']?([a-z0-9-]+)/g], // icon: camera
}
patterns.yml = patterns.yaml
// Look(_("Solved"), "good", "circle-check") and Entry("desk", _("Inbox"), "inbox", …): whichever of the texts is an icon.
const calls = /\b(?:Look|Entry)\(((?:[^()]|\([^()]*\))*)\)/g

const file = (modules, name) => join(modules, '@tabler', 'icons', 'icons', 'outline', `${name}.svg`)

function* sources(folder) {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sources(path)
    else if (/\.(html|py|ya?ml)$/.test(entry.name)) yield path
  }
}

/** Text of the sprite. Names that the icon set does not have are warned of, so that a typing error is seen. */
export function sprite(root, modules) {
  const wanted = new Set(
    readFileSync(join(root, 'huying', 'ui', 'assets', 'icons.txt'), 'utf8').split('\n')
      .map((line) => line.replace(/#.*/, '').trim()).filter(Boolean).join(' ').split(/\s+/),
  )
  const certain = new Set(wanted)
  for (const folder of ['huying', 'presets']) {
    for (const path of sources(join(root, folder))) {
      const text = readFileSync(path, 'utf8')
      const kind = path.slice(path.lastIndexOf('.') + 1)
      for (const pattern of patterns[kind]) for (const hit of text.matchAll(pattern)) wanted.add(hit[1])
      if (kind !== 'py') continue
      for (const call of text.matchAll(calls)) {
        for (const [, name] of call[1].matchAll(/["']([a-z][a-z0-9-]+)["']/g)) if (existsSync(file(modules, name))) wanted.add(name)
      }
    }
  }
  const symbols = []
  for (const name of [...wanted].sort()) {
    const outline = file(modules, name)
    if (!existsSync(outline)) {
      if (certain.has(name)) throw new Error(`icons.txt names "${name}", which @tabler/icons does not have`)
      console.warn(`icon "${name}" is used but does not exist in @tabler/icons`)
      continue
    }
    const inner = readFileSync(outline, 'utf8').replace(/<!--[\s\S]*?-->/g, '').replace(/<svg[\s\S]*?>/, '').replace('</svg>', '')
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, '').replace(/\s+/g, ' ').trim()
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`)
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`
}
