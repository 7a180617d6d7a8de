// Builds everything the browser loads: node huying/ui/assets/build.mjs [--watch | --sizes]
// Output: huying/ui/static/ui/dist (git-ignored). Nothing is fetched; packages come from node_modules.
import { build as bundle } from 'esbuild'
import * as sass from 'sass'
import { gzipSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync, watch } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { plainColours } from './colours.mjs'
import { sprite } from './icons.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..', '..')
const dist = join(here, '..', 'static', 'ui', 'dist')
// Built beside and put into place whole, so that a server or test that runs meanwhile never finds half of it.
let out = dist
const modules = join(root, 'node_modules')
// Domestic browsers on staff machines and old web-views on residents' phones stand at about Chromium 86.
const target = ['chrome86', 'safari14.1', 'firefox90']
const budgets = { 'resident.css': 25 * 1024 }

async function styles(name) {
  const made = sass.compile(join(here, 'scss', `${name}.scss`), {
    loadPaths: [modules, join(here, 'scss')], style: 'expanded', quietDeps: true, logger: sass.Logger.silent,
  })
  await bundle({
    stdin: { contents: plainColours(made.css), loader: 'css', resolveDir: here },
    outfile: join(out, `${name}.css`), minify: true, target, logLevel: 'warning', allowOverwrite: true,
  })
}

async function scripts() {
  const common = { bundle: true, minify: true, target, logLevel: 'warning', legalComments: 'none', define: { 'process.env.NODE_ENV': '"production"' } }
  await bundle({ ...common, entryPoints: { app: join(here, 'js', 'app.js') }, outdir: out, format: 'esm', splitting: true, chunkNames: 'chunks/[name]-[hash]' })
  await bundle({ ...common, entryPoints: { sw: join(here, 'js', 'sw.js') }, outdir: out, format: 'iife' })
  // The map's stylesheet is loaded with the first map only.
  await bundle({ ...common, entryPoints: { map: join(modules, 'maplibre-gl', 'dist', 'maplibre-gl.css') }, outdir: out })
  // MapLibre's worker stays a file of our own origin: the policy allows no blob: worker.
  await bundle({ ...common, entryPoints: { 'map-worker': join(modules, 'maplibre-gl', 'dist', 'maplibre-gl-worker.mjs') }, outdir: out, format: 'esm' })
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((f) => f.isFile()).map((f) => join(f.parentPath ?? f.path, f.name)).sort()
}

/** List of built files with sizes; also the version of the whole, which the service worker's cache is named by. */
function report() {
  const made = files(out).filter((f) => !f.endsWith('build.json'))
  const whole = createHash('sha256')
  const list = {}
  for (const file of made) {
    const bytes = readFileSync(file)
    whole.update(bytes)
    list[relative(out, file).replaceAll('\\', '/')] = { bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }
  }
  const result = { version: whole.digest('hex').slice(0, 12), files: list }
  writeFileSync(join(out, 'build.json'), JSON.stringify(result, null, 1) + '\n')
  let over = false
  for (const [name, size] of Object.entries(list)) {
    const limit = budgets[name]
    const late = limit && size.gzip > limit
    over ||= late
    console.log(`${name.padEnd(34)} ${String(size.bytes).padStart(9)} B ${String(size.gzip).padStart(8)} gzip${limit ? `  (budget ${limit})` : ''}${late ? '  OVER BUDGET' : ''}`)
  }
  console.log(`version ${result.version}`)
  return !over
}

async function all() {
  const start = Date.now()
  out = join(modules, `.ui-build-${process.pid}`)
  const old = `${out}.old`
  let good
  try {
    mkdirSync(out, { recursive: true })
    writeFileSync(join(out, 'icons.svg'), sprite(root, modules))
    await Promise.all([scripts(), styles('resident'), styles('desk')])
    good = report()
    mkdirSync(dirname(dist), { recursive: true })
    if (existsSync(dist)) renameSync(dist, old)
    renameSync(out, dist)
  } finally {
    rmSync(old, { recursive: true, force: true })
    rmSync(out, { recursive: true, force: true })
    out = dist
  }
  console.log(`built in ${((Date.now() - start) / 1000).toFixed(1)} s`)
  return good
}

if (process.argv.includes('--sizes')) {
  process.exitCode = report() ? 0 : 1
} else if (process.argv.includes('--watch')) {
  await all()
  let waiting = null
  watch(here, { recursive: true }, () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => all().catch((e) => console.error(e.message)), 150)
  })
} else {
  process.exitCode = (await all()) ? 0 : 1
}
