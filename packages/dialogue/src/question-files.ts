/** The files of a question: what of them is shown to the model, what is put into words, and what the user is told. */
import type { FilePort, FileTrouble, HeardFile, HeardMark, ModelSenses } from './heard.ts'
import { inMark, mark, unmarked } from './marks.ts'
import type { Attachment } from './ports.ts'
import { cutToTokens, estimateTokens } from './tokens.ts'

/** What the user is told of a file: a key of the texts under `files`. */
export type Remark =
  | FileTrouble
  | NonNullable<HeardMark['unreadable']>
  | 'noEyes'
  | 'noEars'
  | 'notHeard'
  | 'silence'
  | 'cut'
  | 'tooMany'

/** What the frame of a file in a prompt may cost, in tokens. */
const FRAME_TOKENS = 40
/** With less left nothing of a document is of use. */
const LEAST_TOKENS = 200

/** Gathers the files of one question. */
export class QuestionFiles {
  readonly attachments: Attachment[] = []
  /** Whether anything of them can be answered. */
  isAskable = false
  readonly #remarks = new Set<Remark>()
  readonly #port: FilePort
  #left: number
  #senses: ModelSenses | undefined

  /** `maxTokens`: what the whole question may cost. */
  constructor(port: FilePort, maxTokens: number) {
    this.#port = port
    this.#left = maxTokens
  }

  get remarks(): readonly Remark[] {
    return [...this.#remarks]
  }

  /** Notes what the user has to be told. */
  remark(remark: Remark): void {
    this.#remarks.add(remark)
  }

  /** Notes what the rest of the question costs. */
  spend(tokens: number): void {
    this.#left -= tokens
  }

  /**
   * Adds files; answers the lines that stand for those that are not shown as they are. `isRepliedTo`: they are of the
   * message that is replied to, so what is spoken in them is somebody else's.
   */
  async add(files: readonly HeardFile[], { isRepliedTo = false } = {}): Promise<string[]> {
    const lines: string[] = []
    for (const file of files) lines.push(await this.#lineFor(file, isRepliedTo))
    return lines.filter((line) => line !== '')
  }

  async #lineFor(file: HeardFile, isRepliedTo: boolean): Promise<string> {
    switch (file.kind) {
      case 'picture':
        return this.#picture(file)
      case 'pdf':
        return this.#pdf(file)
      case 'text':
        return this.#text(file)
      case 'speech':
      case 'audio':
        return this.#sound(file, isRepliedTo)
    }
  }

  async #picture(file: HeardFile): Promise<string> {
    const leftOut = (why: Remark) => (file.isDecoration ? '' : this.#leftOut('picture', why))
    const { pictures } = await this.#modelSenses()
    if (!pictures) return leftOut('noEyes')
    if (file.tokens > this.#left) return leftOut('tooMany')
    const fetched = await this.#port.fetch(file)
    if (fetched.kind === 'failed') return leftOut(fetched.why)
    if (fetched.type !== 'picture') return leftOut('unreadable')
    return this.#attach('picture', file, file.tokens)
  }

  async #pdf(file: HeardFile): Promise<string> {
    const what = `file${titled(file)}`
    if (this.#left < LEAST_TOKENS) return this.#leftOut(what, 'tooMany')
    const fetched = await this.#port.fetch(file)
    if (fetched.kind === 'failed') return this.#leftOut(what, fetched.why)
    if (fetched.type !== 'pdf') return this.#leftOut(what, 'unreadable')
    return this.#attach('pdf', file, Math.min(file.tokens, this.#left))
  }

  async #text(file: HeardFile): Promise<string> {
    const what = `file${titled(file)}`
    if (this.#left < LEAST_TOKENS) return this.#leftOut(what, 'tooMany')
    const read = await this.#port.readText(file)
    if (read.kind === 'failed') return this.#leftOut(what, read.why)
    return this.#framed(what, read.text)
  }

  async #sound(file: HeardFile, isRepliedTo: boolean): Promise<string> {
    const kind = file.kind === 'speech' ? 'voice message' : `recording${titled(file)}`
    const what = isRepliedTo ? `${kind} that is replied to` : kind
    const { sounds } = await this.#modelSenses()
    if (sounds !== 'none' && file.tokens <= this.#left) {
      const fetched = await this.#port.fetch(file)
      if (fetched.kind === 'failed') return this.#leftOut(what, fetched.why)
      const { type } = fetched
      if (type === 'picture' || type === 'pdf') return this.#leftOut(what, 'unreadable')
      if (sounds === 'all' || type !== 'sound') return this.#attach('audio', file, file.tokens)
    }
    const speech = await this.#port.transcribe(file)
    if (speech.kind === 'off') return this.#leftOut(what, 'noEars')
    if (speech.kind === 'failed') return this.#leftOut(what, speech.why)
    if (speech.text.trim() === '') return this.#leftOut(what, 'silence')
    // What somebody says is what they would have written.
    if (file.kind === 'audio' || isRepliedTo) return this.#framed(what, speech.text)
    this.isAskable = true
    this.spend(estimateTokens(speech.text))
    return unmarked(speech.text)
  }

  #framed(what: string, text: string): string {
    const safe = unmarked(text)
    const whole = estimateTokens(safe)
    const kept =
      whole <= this.#left - FRAME_TOKENS ? safe : cutToTokens(safe, Math.max(0, this.#left - FRAME_TOKENS))
    const isCut = kept.length < safe.length
    if (isCut) this.remark('cut')
    this.spend(FRAME_TOKENS + (isCut ? estimateTokens(kept) : whole))
    this.isAskable = true
    return [mark(what), kept, mark(isCut ? 'cut here: the rest was left out' : `end of ${what}`)].join('\n')
  }

  #attach(kind: Attachment['kind'], { fileId, fileName, mimeType }: HeardFile, tokens: number): string {
    this.attachments.push({
      kind,
      fileId,
      tokens,
      ...(fileName !== undefined && { fileName }),
      ...(mimeType !== undefined && { mimeType }),
    })
    this.isAskable = true
    this.spend(tokens)
    return ''
  }

  #leftOut(what: string, why: Remark): string {
    this.remark(why)
    return mark(`${what}, not shown`)
  }

  async #modelSenses(): Promise<ModelSenses> {
    this.#senses ??= await this.#port.senses()
    return this.#senses
  }
}

function titled({ fileName = '' }: HeardFile): string {
  return fileName === '' ? '' : ` "${inMark(fileName)}"`
}
