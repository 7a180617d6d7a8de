// Photo field: every chosen photo is made smaller, sent at once with progress, and can be tried again.
// Answer expected from data-upload (POST multipart, field "file"): {"id": "…"} — or {"error": "…"} with a 4xx.
// Without script the same field is an ordinary file input of the form.
import { fresh } from './content.js'
import { csrf, icon, word } from './words.js'
import { toast } from './toast.js'

const LONGEST = 2560 // pixels: enough to read a sign in the background, a tenth of what a phone makes

/** The photo as a smaller JPEG without its EXIF data; the file itself when the browser cannot read it or it is small. */
async function shrink(file) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type) || file.size < 600 * 1024) return file
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const k = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * k)
    canvas.height = Math.round(picture.height * k)
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85))
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' }) : file
  } catch {
    return file
  }
}

function button(className, name, text) {
  const b = document.createElement('button')
  b.type = 'button'
  b.className = `act ${className}`
  b.setAttribute('aria-label', text)
  b.append(icon(name))
  return b
}

function start(box) {
  const { upload: url, name } = box.dataset
  const most = Number(box.dataset.max || 9)
  const bytes = Number(box.dataset.maxMb || 10) * 1048576
  const grid = box.querySelector('.hy-upload-grid')
  const adders = [...box.querySelectorAll('input[type=file]')]
  const items = () => [...grid.querySelectorAll('.hy-upload-item')]
  const refresh = () => {
    const states = items().map((i) => i.dataset.state)
    box.dataset.uploadState = states.includes('running') ? 'running' : states.includes('failed') ? 'failed' : 'done'
    for (const a of adders) a.closest('li').hidden = items().length >= most
    box.dispatchEvent(new CustomEvent('uploads', { bubbles: true }))
  }
  const wire = (item) => item.querySelector('.drop')?.addEventListener('click', () => { item.abort?.(); item.remove(); refresh(); adders[0]?.focus() })

  const send = (item, file) => {
    item.file = file // forms that are kept while offline (offline.js) take it along
    item.dataset.state = 'running'
    item.classList.remove('failed')
    item.querySelector('.retry')?.remove()
    const bar = document.createElement('progress')
    bar.max = 1
    bar.setAttribute('aria-label', word('uploading', { name: file.name }))
    item.append(bar)
    const request = new XMLHttpRequest()
    item.abort = () => request.abort()
    const fail = (text) => {
      bar.remove()
      item.dataset.state = 'failed'
      item.classList.add('failed')
      const again = button('retry', 'refresh', word('retry'))
      again.append(word('retry'))
      again.addEventListener('click', () => send(item, file))
      item.append(again)
      if (box.closest('[data-offline]') && !navigator.onLine) toast(word('photoKept'), 'wait')
      else toast(text, 'bad')
      refresh()
    }
    request.open('POST', url)
    request.timeout = 120000
    request.setRequestHeader('X-CSRFToken', csrf())
    request.setRequestHeader('Accept', 'application/json')
    request.upload.addEventListener('progress', (e) => { if (e.lengthComputable) bar.value = e.loaded / e.total })
    request.addEventListener('load', () => {
      let answer = {}
      try { answer = JSON.parse(request.responseText) } catch { /* said below */ }
      if (request.status < 300 && answer.id) {
        bar.remove()
        item.dataset.state = 'done'
        const hidden = document.createElement('input')
        hidden.type = 'hidden'
        hidden.name = name
        hidden.value = answer.id
        item.append(hidden)
        refresh()
      } else fail(answer.error ?? word('photoFailed', { status: request.status }))
    })
    request.addEventListener('error', () => fail(word('photoLost')))
    request.addEventListener('timeout', () => fail(word('photoLost')))
    const body = new FormData()
    body.append('file', file, file.name)
    request.send(body)
    refresh()
  }

  const add = async (original) => {
    if (items().length >= most) return toast(word('tooManyPhotos', { n: most }), 'wait')
    const item = document.createElement('li')
    item.className = 'hy-upload-item'
    item.dataset.state = 'running'
    const drop = button('drop', 'x', word('removePhoto', { name: original.name }))
    if (original.type.startsWith('image/')) {
      const img = document.createElement('img')
      img.alt = original.name
      img.src = URL.createObjectURL(original)
      img.addEventListener('load', () => URL.revokeObjectURL(img.src), { once: true })
      item.append(img)
    } else {
      const label = document.createElement('span')
      label.className = 'name'
      label.textContent = original.name
      item.append(label)
    }
    item.append(drop)
    grid.insertBefore(item, grid.querySelector('.hy-upload-adder'))
    wire(item)
    refresh()
    const file = await shrink(original)
    if (!item.isConnected) return
    if (file.size > bytes) {
      item.remove()
      refresh()
      return toast(word('photoTooLarge', { name: file.name, mb: bytes / 1048576 }), 'bad')
    }
    send(item, file)
  }

  for (const input of adders) {
    input.removeAttribute('name') // photos go by themselves; the form carries only their ids
    input.addEventListener('change', () => { for (const file of input.files) add(file); input.value = '' })
  }
  items().forEach(wire)
  box.addEventListener('dragover', (e) => e.preventDefault())
  box.addEventListener('drop', (e) => { e.preventDefault(); for (const file of e.dataTransfer.files) add(file) })
  refresh()
}

export function startUploads(root) {
  for (const box of fresh(root, '[data-upload]', 'Upload')) if (box.dataset.upload) start(box)
}
