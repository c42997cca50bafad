// Tokens that cost little: the parser's own define each of their fields anew, a fourth of the time of a conversion.
import MarkdownIt from 'markdown-it'

type Token = InstanceType<typeof MarkdownIt.Token>
type Nesting = Token['nesting']

/** Has the fields of the parser's tokens, and its methods. */
class LeanToken {
  type: string
  tag: string
  attrs: Token['attrs'] = null
  map: Token['map'] = null
  nesting: Nesting
  level = 0
  children: Token['children'] = null
  content = ''
  markup = ''
  info = ''
  meta: Token['meta'] = null
  block = false
  hidden = false

  constructor(type: string, tag: string, nesting: Nesting) {
    this.type = type
    this.tag = tag
    this.nesting = nesting
  }
}
Object.setPrototypeOf(LeanToken.prototype, MarkdownIt.Token.prototype)
const createToken = (type: string, tag: string, nesting: Nesting): Token =>
  new LeanToken(type, tag, nesting) as unknown as Token

/** Makes the parser's states push such tokens; what they do beside that is as the parser does it. */
export function leanTokens(md: InstanceType<typeof MarkdownIt>): void {
  md.block.State = class extends md.block.State {
    override push(type: string, tag: string, nesting: Nesting): Token {
      const token = createToken(type, tag, nesting)
      token.block = true
      if (nesting < 0) this.level--
      token.level = this.level
      if (nesting > 0) this.level++
      this.tokens.push(token)
      return token
    }
  }
  md.inline.State = class extends md.inline.State {
    override pushPending(): Token {
      const token = createToken('text', '', 0)
      token.content = this.pending
      token.level = this.pendingLevel
      this.tokens.push(token)
      this.pending = ''
      return token
    }

    override push(type: string, tag: string, nesting: Nesting): Token {
      if (nesting !== 0) return super.push(type, tag, nesting)
      if (this.pending !== '') this.pushPending()
      const token = createToken(type, tag, nesting)
      token.level = this.level
      this.pendingLevel = this.level
      this.tokens.push(token)
      this.tokens_meta.push(undefined)
      return token
    }
  }
}
