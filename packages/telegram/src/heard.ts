// What a message says, whatever it consists of: words, files, and things that are neither.

/** A file that came with a message. `bytes` and `tokens` are estimates where Telegram does not tell. */
export interface HeardFile {
  /**
   * - `picture`, `pdf`, `text`: by type and name; its bytes are looked at once they are there.
   * - `speech`: a voice message or a video note: its words are the sender's own.
   * - `audio`: a sound file.
   */
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

/** What a message says beside words and files, as a model reads it, such as `location: 55.75, 37.62`. */
export interface HeardMark {
  /** One line of plain text. */
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
  /** Pictures and documents of the message that is replied to. */
  files: readonly HeardFile[]
}

/** One message, as far as it can be understood. */
export interface Heard {
  messageId: number
  /** The text or the caption; '' without. */
  text: string
  /** Whether `text` is a caption. */
  isCaption: boolean
  files: readonly HeardFile[]
  marks: readonly HeardMark[]
  /** Who wrote it first, where it was forwarded; '' where Telegram does not say. */
  forwardedFrom?: string
  repliesTo?: Quotation
}
