/** What people send, as the dialogue hears it; the worker reads it from Telegram's messages. */

/** A file that came with a message. */
export interface HeardFile {
  /** `speech` is a voice message or a video note: its words are the sender's own; `audio` any other sound. */
  kind: 'picture' | 'pdf' | 'text' | 'speech' | 'audio'
  /** Telegram's name of the file for this bot. */
  fileId: string
  /** As Telegram tells it; undefined where it does not. */
  bytes?: number
  /** What it costs in a prompt, estimated. */
  tokens: number
  fileName?: string
  mimeType?: string
  /** A picture that only adds to what is said in words: a sticker. */
  isDecoration?: true
}

/** What a message says beside words and files, in one line, such as a location. */
export interface HeardMark {
  text: string
  /** Set where it can't be read at all: what kind of thing it is. */
  unreadable?: 'video' | 'animation' | 'file' | 'other'
}

/** A message that another one replies to, or the part of it that is quoted. */
export interface Quotation {
  /** Whose words: the bot's own, or somebody's name ('' where it is not known). */
  by: { bot: true } | { name: string }
  text: string
  /** Whether the sender chose these words out of more. */
  isPart: boolean
  files: readonly HeardFile[]
}

/** One message, as far as it can be understood. */
export interface Heard {
  /** The text or the caption; '' without. */
  text: string
  isCaption: boolean
  files: readonly HeardFile[]
  marks: readonly HeardMark[]
  /** Who wrote it first, where it was forwarded; '' where it is not known. */
  forwardedFrom?: string
  repliesTo?: Quotation
}

/** What the model that answers takes beside text. `wav-mp3`: no sounds of any other format. */
export interface ModelSenses {
  pictures: boolean
  sounds: 'all' | 'wav-mp3' | 'none'
}

/** Why a file could not be had. */
export type FileTrouble = 'tooLarge' | 'gone' | 'failed' | 'unreadable'

/** What its bytes say a file is. `unreadable`: none of what its name or kind promised. */
export type FetchedFile =
  | { kind: 'ready'; type: 'picture' | 'pdf' | 'wav' | 'mp3' | 'sound' }
  | { kind: 'failed'; why: FileTrouble }

/** The text of a file. */
export type FetchedText = { kind: 'read'; text: string } | { kind: 'failed'; why: FileTrouble }

/** What is said in a sound. `off`: nobody is there to write it down. */
export type FetchedSpeech =
  | { kind: 'heard'; text: string }
  | { kind: 'off' }
  | { kind: 'failed'; why: FileTrouble | 'notHeard' }

/** Gets at what is in files. Its calls reject only where the process is stopping. */
export interface FilePort {
  senses(): Promise<ModelSenses>
  /** Fetches a file, so that it can be asked about. */
  fetch(file: HeardFile): Promise<FetchedFile>
  readText(file: HeardFile): Promise<FetchedText>
  transcribe(file: HeardFile): Promise<FetchedSpeech>
}
