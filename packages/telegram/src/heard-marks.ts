// Puts into words what a message shows without any: stickers, places, contacts, polls, and what can't be read.

import type { HeardMark } from './heard.ts'
import { fileOf } from './heard-files.ts'
import { fieldOf, type JsonObject, objectOf, objectsOf } from './json-fields.ts'

/** Kinds of messages that nothing is known of but that they are there (https://core.telegram.org/bots/api#message). */
const OTHERS = ['story', 'live_photo', 'paid_media', 'rich_message'] as const

/** What a message shows, in the order in which it is to be read; none for words and files that are read themselves. */
export function marksOf(message: unknown): HeardMark[] {
  const found: (HeardMark | undefined)[] = [
    sticker(objectOf(message, 'sticker')),
    // A venue's location stands in the message once more.
    venue(objectOf(message, 'venue')) ?? location(objectOf(message, 'location')),
    contact(objectOf(message, 'contact')),
    poll(objectOf(message, 'poll')),
    dice(objectOf(message, 'dice')),
    checklist(objectOf(message, 'checklist')),
    unreadable(message),
  ]
  return found.filter((mark) => mark !== undefined)
}

function sticker(field: JsonObject | undefined): HeardMark | undefined {
  return field && { text: words('sticker', stringIn(field, 'emoji')) }
}

function location(field: JsonObject | undefined): HeardMark | undefined {
  return field && { text: `location: ${coordinates(field)}` }
}

function venue(field: JsonObject | undefined): HeardMark | undefined {
  if (!field) return undefined
  const place = [stringIn(field, 'title'), stringIn(field, 'address')].filter((part) => part !== '')
  return { text: `venue: ${place.join(', ')} (${coordinates(objectOf(field, 'location'))})` }
}

function coordinates(field: JsonObject | undefined): string {
  return `latitude ${Number(fieldOf(field, 'latitude'))}, longitude ${Number(fieldOf(field, 'longitude'))}`
}

function contact(field: JsonObject | undefined): HeardMark | undefined {
  if (!field) return undefined
  const name = words(stringIn(field, 'first_name'), stringIn(field, 'last_name'))
  return {
    text: `contact: ${[name, stringIn(field, 'phone_number')].filter((part) => part !== '').join(', ')}`,
  }
}

function poll(field: JsonObject | undefined): HeardMark | undefined {
  if (!field) return undefined
  const options = objectsOf(field, 'options').map((option) => stringIn(option, 'text'))
  return { text: `poll: ${stringIn(field, 'question')} Options: ${options.join('; ')}` }
}

function dice(field: JsonObject | undefined): HeardMark | undefined {
  return (
    field && { text: `${words('dice', stringIn(field, 'emoji'))} shows ${Number(fieldOf(field, 'value'))}` }
  )
}

function checklist(field: JsonObject | undefined): HeardMark | undefined {
  if (!field) return undefined
  const tasks = objectsOf(field, 'tasks').map((task) => {
    const isDone = typeof task.completion_date === 'number' && task.completion_date > 0
    return `${isDone ? '(done) ' : ''}${stringIn(task, 'text')}`
  })
  return { text: `checklist: ${stringIn(field, 'title')} Tasks: ${tasks.join('; ')}` }
}

function unreadable(message: unknown): HeardMark | undefined {
  if (fieldOf(message, 'animation') !== undefined)
    return { text: 'animation, not shown', unreadable: 'animation' }
  if (fieldOf(message, 'video') !== undefined) return { text: 'video, not shown', unreadable: 'video' }
  const file = objectOf(message, 'document')
  if (file && !fileOf(message)) {
    const name = stringIn(file, 'file_name')
    return { text: `file${name && ` "${name}"`}, not shown`, unreadable: 'file' }
  }
  const other = OTHERS.find((kind) => fieldOf(message, kind) !== undefined)
  return other && { text: `${other.replaceAll('_', ' ')}, not shown`, unreadable: 'other' }
}

function stringIn(field: JsonObject, name: string): string {
  const value = field[name]
  return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : ''
}

function words(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}
