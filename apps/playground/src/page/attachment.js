/** The file of a message: a photo, a document, a voice message. */
import { element } from './element.js'

const NAMES = { photo: '🖼 Photo', document: '📄 File', voice: '🎤 Voice message' }
/** The largest box of a photo, in pixels; in an album each has its part of it. */
const BOX_PX = { width: 400, height: 420 }

/** A file's name in one line. */
export function attachmentLine({ kind, fileName }) {
  return kind === 'document' && fileName ? `📄 ${fileName}` : (NAMES[kind] ?? kind)
}

/** The files of a message, or of the messages of an album. */
export function attachments(files) {
  const shown = files.map(attachmentOf)
  const isGallery = files.length > 1 && files.every(({ kind }) => kind === 'photo')
  return element('div', { class: `attachments ${isGallery ? `gallery of-${files.length}` : ''}` }, ...shown)
}

function attachmentOf(file) {
  if (!file.fileId) return element('div', { class: 'attachment' }, attachmentLine(file))
  const address = `/api/files/${encodeURIComponent(file.fileId)}`
  switch (file.kind) {
    case 'photo':
      return photo(file, address)
    case 'voice':
      return voice(file, address)
    default:
      return documentOf(file, address)
  }
}

/** Its place is kept before it is there, so that nothing jumps. */
function photo({ width = BOX_PX.width, height = BOX_PX.height }, address) {
  const scale = Math.min(1, BOX_PX.width / width, BOX_PX.height / height)
  return element(
    'a',
    { class: 'photo', href: address, target: '_blank', rel: 'noopener noreferrer' },
    element('img', {
      src: address,
      alt: 'Photo',
      width: Math.round(width * scale),
      height: Math.round(height * scale),
      onerror: (event) => event.currentTarget.parentElement.classList.add('missing'),
    }),
    element('span', { class: 'missing-note' }, 'Photo'),
  )
}

function documentOf(file, address) {
  return element(
    'a',
    { class: 'document', href: address, download: file.fileName ?? '' },
    element('span', { class: 'document-icon', 'aria-hidden': 'true' }, '↓'),
    element('span', { class: 'document-name', dir: 'auto' }, file.fileName ?? 'File'),
    element('span', { class: 'document-size' }, sizeOf(file.sizeBytes ?? 0)),
  )
}

function voice({ durationSeconds = 0 }, address) {
  return element(
    'div',
    { class: 'voice' },
    element('audio', { class: 'voice-player', controls: true, preload: 'none', src: address }),
    element('span', { class: 'voice-length' }, clockOf(durationSeconds)),
  )
}

function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

function clockOf(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}
