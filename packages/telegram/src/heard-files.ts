// Tells from a message which files came with it that can be read, and what they may cost in a prompt.

import type { HeardFile } from './heard.ts'
import { fieldOf, type JsonObject, objectOf, objectsOf } from './json-fields.ts'

/** Telegram's larger sizes of a photo (up to 2560) say no more to a model, which scales them down itself. */
const PHOTO_MAX_SIDE = 1280
const PICTURE_TYPES = /^image\/(?:jpeg|png|webp|gif)$/
const PICTURE_NAMES = /\.(?:jpe?g|png|webp|gif)$/i
const TEXT_TYPES =
  /^(?:text\/(?!rtf)|application\/(?:json|xml|yaml|x-yaml|toml|sql|javascript|typescript|x-sh|x-python|x-subrip|csv))/
const TEXT_NAMES =
  /\.(?:txt|md|markdown|rst|csv|tsv|json|jsonl|ya?ml|toml|ini|cfg|conf|env|log|xml|html?|css|scss|js|mjs|cjs|jsx|ts|tsx|py|rb|php|java|kt|swift|go|rs|c|h|cc|cpp|hpp|cs|sh|bash|zsh|ps1|bat|sql|lua|pl|r|tex|srt|vtt|diff|patch|vue|svelte)$/i
const AUDIO_NAMES = /\.(?:mp3|ogg|oga|opus|wav|flac|m4a|aac|aiff?)$/i

/** The file of a photo, document, voice message, sound, video note or static sticker; undefined without one. */
export function fileOf(message: unknown): HeardFile | undefined {
  return (
    photo(message) ??
    sticker(objectOf(message, 'sticker')) ??
    sound(objectOf(message, 'voice'), 'speech', 'audio/ogg') ??
    sound(objectOf(message, 'video_note'), 'speech', 'video/mp4') ??
    sound(objectOf(message, 'audio'), 'audio', undefined) ??
    // An animation stands there as a document too.
    (fieldOf(message, 'animation') === undefined ? document(objectOf(message, 'document')) : undefined)
  )
}

/**
 * What a picture costs: OpenAI's rule of 85 tokens and 170 for each tile of 512, its shorter side at most 768. Other
 * providers lie between a third and twice of it.
 */
export function pictureTokens(width: number, height: number): number {
  const scale = Math.min(1, 768 / Math.max(1, Math.min(width, height)), 2048 / Math.max(1, width, height))
  const tiles = (side: number) => Math.max(1, Math.ceil((side * scale) / 512))
  return 85 + 170 * tiles(width) * tiles(height)
}

function photo(message: unknown): HeardFile | undefined {
  const sizes = objectsOf(message, 'photo').filter((size) => typeof size.file_id === 'string')
  const side = (size: JsonObject) => Math.max(numberIn(size, 'width') ?? 0, numberIn(size, 'height') ?? 0)
  const bySide = sizes.toSorted((one, other) => side(one) - side(other))
  const chosen = bySide.findLast((size) => side(size) <= PHOTO_MAX_SIDE) ?? bySide[0]
  if (!chosen) return undefined
  return { kind: 'picture', ...named(chosen), tokens: tokensOfPicture(chosen) }
}

function sticker(field: JsonObject | undefined): HeardFile | undefined {
  if (!field || typeof field.file_id !== 'string') return undefined
  // Animated ones are no pictures: a compressed animation, or a video.
  if (field.is_animated === true || field.is_video === true) return undefined
  return { kind: 'picture', ...named(field), tokens: tokensOfPicture(field), isDecoration: true }
}

function sound(
  field: JsonObject | undefined,
  kind: 'speech' | 'audio',
  mimeType: string | undefined,
): HeardFile | undefined {
  if (!field || typeof field.file_id !== 'string') return undefined
  // Google counts 32 tokens a second, others less.
  const tokens = 32 * Math.max(1, numberIn(field, 'duration') ?? 60)
  return { kind, ...(mimeType && { mimeType }), ...named(field), tokens }
}

function document(field: JsonObject | undefined): HeardFile | undefined {
  if (!field || typeof field.file_id !== 'string') return undefined
  const { fileName = '', mimeType = '', ...rest } = named(field)
  const file = { ...rest, ...(fileName && { fileName }), ...(mimeType && { mimeType }) }
  const bytes = rest.bytes ?? 0
  if (PICTURE_TYPES.test(mimeType) || PICTURE_NAMES.test(fileName))
    return { kind: 'picture', ...file, tokens: pictureTokens(1280, 1280) }
  if (mimeType === 'application/pdf' || /\.pdf$/i.test(fileName))
    return { kind: 'pdf', ...file, tokens: pdfTokens(bytes) }
  if (TEXT_NAMES.test(fileName) || TEXT_TYPES.test(mimeType)) return { kind: 'text', ...file, tokens: 0 }
  if (mimeType.startsWith('audio/') || AUDIO_NAMES.test(fileName))
    return { kind: 'audio', ...file, tokens: Math.ceil(bytes / 500) }
  return undefined
}

/** Only its bytes are known: a page of text has some 50 KB and 750 tokens, one that was scanned more of both. */
function pdfTokens(bytes: number): number {
  return Math.min(6000, Math.max(1500, Math.ceil(bytes / 64)))
}

function tokensOfPicture(field: JsonObject): number {
  return pictureTokens(numberIn(field, 'width') ?? 1280, numberIn(field, 'height') ?? 1280)
}

function named(field: JsonObject): Pick<HeardFile, 'fileId' | 'bytes' | 'fileName' | 'mimeType'> {
  const bytes = numberIn(field, 'file_size')
  const { file_name: fileName, mime_type: mimeType } = field
  return {
    fileId: String(field.file_id),
    ...(bytes !== undefined && { bytes }),
    ...(typeof fileName === 'string' && fileName !== '' && { fileName }),
    ...(typeof mimeType === 'string' && mimeType !== '' && { mimeType: mimeType.toLowerCase() }),
  }
}

function numberIn(field: JsonObject, name: string): number | undefined {
  const value = fieldOf(field, name)
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
